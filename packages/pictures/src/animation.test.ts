import { decode, decodeApng } from 'fast-png';
import { expect, test } from 'vitest';
import { encodeAnimation } from './animation.ts';
import type { Picture } from './picture.ts';

const frame = (value: number): Picture => {
  const data = Uint8Array.from({ length: 3 * 2 * 3 }, (_, index) => (value + 5 * index) % 256);
  return { width: 3, height: 2, channels: 3, data };
};

test('another reader finds the same pictures, for as long', () => {
  const frames = [0, 90, 200].map(frame);
  const bytes = encodeAnimation(frames, { framesPerSecond: 4, plays: 2 });
  const read = decodeApng(bytes, { checkCrc: true });
  expect(read).toMatchObject({ width: 3, height: 2, numberOfFrames: 3, numberOfPlays: 2 });
  expect(read.frames.map(({ delayNumber, delayDenominator }) => delayNumber / delayDenominator)).toEqual([
    0.25, 0.25, 0.25,
  ]);
  expect(read.frames.map(({ data }) => [...data])).toEqual(frames.map(({ data }) => [...data]));
  // What knows nothing of animations shows the first.
  expect([...decode(bytes, { checkCrc: true }).data]).toEqual([...frames[0]!.data]);
});

test('pictures that are not alike, and none, are refused', () => {
  expect(() => encodeAnimation([])).toThrow('at least one picture');
  expect(() => encodeAnimation([frame(1), { ...frame(1), width: 2, height: 3 }])).toThrow('3 x 2 x 3 and 2 x 3 x 3');
  expect(() => encodeAnimation([frame(1)], { framesPerSecond: 0 })).toThrow('framesPerSecond');
  expect(() => encodeAnimation([frame(1)], { fps: 3 } as object)).toThrow("no option 'fps'");
});
