// In a page of its own: a device that has refused a command stays refused.
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { checkBackend } from './check/check-backend.ts';
import { selectBackend } from './select-backend.ts';

test('what a graphics card refuses is told with the next number that is read, and fails the check', async () => {
  await selectBackend({ prefer: 'webgpu', fallback: false });
  // Numbers this small would never reach the card.
  tf.env().set('WEBGPU_CPU_FORWARD', false);
  expect([...(await tf.add([1], [2]).data())]).toEqual([3]);
  const { device } = tf.backend() as unknown as { device: { createBuffer(descriptor: object): unknown } };
  // No buffer may be mapped both ways.
  device.createBuffer({ size: 4, usage: 1 | 2 });
  await expect(tf.add([1], [2]).data()).rejects.toThrow(/The graphics card refused a command of WebGPU.*It said: \S/);
  expect(await checkBackend()).toMatchObject({ fit: false });
});
