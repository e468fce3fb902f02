import { expect, test, vi } from 'vitest';
import { GanKitError } from './error.ts';

test('an error carries its code, its message, the refused value, the path and the cause', () => {
  const cause = new Error('ENOENT');
  const error = new GanKitError('file', "'a.idx' cannot be read.", { cause, value: 7, path: 'a.idx' });
  expect(error).toBeInstanceOf(Error);
  expect({ ...error, message: error.message, cause: error.cause }).toMatchObject({
    name: 'GanKitError',
    code: 'file',
    message: "'a.idx' cannot be read.",
    value: 7,
    path: 'a.idx',
    cause,
  });
  expect(String(error)).toBe("GanKitError: 'a.idx' cannot be read.");
  expect(error.stack).toContain('error.test.ts');
});

test('an error without a cause has no cause property', () => {
  const error = new GanKitError('numerical', 'NaN.');
  expect('cause' in error).toBe(false);
  expect(error.value).toBeUndefined();
  expect(error.path).toBeUndefined();
});

test('two copies of the package know each other by the marker, where instanceof does not', async () => {
  vi.resetModules();
  const copy = await import('./error.ts');
  expect(copy.GanKitError).not.toBe(GanKitError);
  const foreign = new copy.GanKitError('backend', 'No backend.');
  expect(foreign).not.toBeInstanceOf(GanKitError);
  expect(GanKitError.isInstance(foreign)).toBe(true);
  expect(copy.GanKitError.isInstance(new GanKitError('backend', 'No backend.'))).toBe(true);
});

test.each([[new Error('x')], [{ name: 'GanKitError', code: 'file' }], ['GanKitError'], [null], [undefined], [1]])(
  'isInstance refuses %o',
  (other) => {
    expect(GanKitError.isInstance(other)).toBe(false);
  },
);
