import { describe, expect, it } from 'vitest';
import { configure, resolveOptions } from './options.ts';

describe('options', () => {
  it('come from the environment where nothing else is said', () => {
    const options = resolveOptions({
      GANKIT_ONNX_THREADS: '3',
      GANKIT_ONNX_MEMORY_MB: '256',
      GANKIT_ONNX_BLOCKED_CONVOLUTION: '0',
      GANKIT_ONNX_WINOGRAD_CONVOLUTION: '0',
    });
    expect(options).toEqual({
      threads: 3,
      memoryMegabytes: 256,
      blockedConvolution: false,
      winogradConvolution: false,
    });
  });

  it('have defaults that fit the machine', () => {
    const options = resolveOptions({});
    expect(options.threads).toBeGreaterThanOrEqual(1);
    expect(options.memoryMegabytes).toBeLessThanOrEqual(4096);
    expect(options.blockedConvolution).toBe(true);
    expect(options.winogradConvolution).toBe(true);
  });

  it.each([
    ['GANKIT_ONNX_THREADS', '0', 'threads is 0'],
    ['GANKIT_ONNX_THREADS', '1.5', 'GANKIT_ONNX_THREADS is "1.5"'],
    ['GANKIT_ONNX_MEMORY_MB', '8000', 'memoryMegabytes is 8000'],
    ['GANKIT_ONNX_MEMORY_MB', 'lots', 'GANKIT_ONNX_MEMORY_MB is "lots"'],
  ])('refuse %s=%s', (name, value, message) => {
    expect(() => resolveOptions({ [name]: value })).toThrow(message);
  });

  it('refuse a name that they do not know', () => {
    expect(() => configure({ thread: 2 } as object)).toThrow(
      "configure() has no option 'thread'; its options are threads,",
    );
  });
});
