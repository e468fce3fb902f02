import { expect, test } from 'vitest';
import { progressiveSchedule } from './progressive-schedule.ts';

test('each stage fades in and then stands, the last for ever', () => {
  const schedule = progressiveSchedule({
    stages: [
      { resolution: 4, steps: 10 },
      { resolution: 8, steps: 20, fadeIn: 4 },
      { resolution: 16, steps: 10 },
    ],
  });
  const at = (step: number) => Object.values(schedule(step));
  expect(at(0)).toEqual([4, 1]);
  expect(at(9)).toEqual([4, 1]);
  expect(at(10)).toEqual([8, 0]);
  expect(at(13)).toEqual([8, 0.75]);
  expect(at(14)).toEqual([8, 1]);
  expect(at(29)).toEqual([8, 1]);
  expect(at(31)).toEqual([16, 0.2]);
  expect(at(1000)).toEqual([16, 1]);
});

test.each([
  [[], 'at least 1 entry'],
  [
    [
      { resolution: 8, steps: 1 },
      { resolution: 8, steps: 1 },
    ],
    'stages[1] has 8 pixels after 8',
  ],
  [[{ resolution: 8, steps: 3, fadeIn: 4 }], 'stages[0] has a fade-in of 4 in 3 steps'],
  [[{ resolution: 8, steps: 0 }], 'stages[0].steps'],
])('stages %j are refused', (stages, message) => {
  expect(() => progressiveSchedule({ stages })).toThrow(message);
});
