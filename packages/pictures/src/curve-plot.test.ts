import { expect, test } from 'vitest';
import { axisTicks, logTicks, rangeOf } from './axis.ts';
import { curvePlot } from './curve-plot.ts';
import { enlarged } from './enlarged.ts';
import { firstCells } from './first-cells.ts';
import { imageGrid } from './image-grid.ts';
import { decodePng, encodePng } from './png.ts';
import { stackPictures } from './stack-pictures.ts';

const straight = {
  title: 'Straight',
  xLabel: 'step',
  curves: [
    {
      label: 'a',
      points: [
        [0, 0],
        [10, 1],
      ] as const,
    },
  ],
};

/** The places of the first curve. */
const placesOf = (svg: string) =>
  /<polyline points="([^"]*)"/
    .exec(svg)?.[1]
    ?.split(' ')
    .map((point) => point.split(',').map(Number));

test('curves go from corner to corner of the plot, linear and logarithmic', () => {
  expect(placesOf(curvePlot(straight))).toEqual([
    [52, 190],
    [436, 10],
  ]);
  const powers = [
    [0, 1],
    [1, 10],
    [2, 100],
  ] as const;
  const svg = curvePlot({ ...straight, yScale: 'log', curves: [{ label: 'a', points: powers }] });
  // Equal factors are equal distances.
  expect(placesOf(svg)).toEqual([
    [52, 190],
    [244, 100],
    [436, 10],
  ]);
});

test('what cannot be drawn leaves a gap; a single point is a dot', () => {
  const points = [
    [0, 1],
    [1, 2],
    [2, Number.NaN],
    [3, -1],
    [4, 5],
  ] as const;
  const svg = curvePlot({ ...straight, yScale: 'log', curves: [{ label: 'a', points }] });
  expect(svg.match(/<polyline/g)).toHaveLength(1);
  expect(svg.match(/<circle/g)).toHaveLength(1);
});

test('one spike in a hundred does not flatten the rest, and is cut off', () => {
  const band = Array.from({ length: 200 }, (_, x) => [x, -1, x === 50 ? 1e6 : 1] as const);
  const svg = curvePlot({
    ...straight,
    curves: [
      {
        label: 'a',
        points: [
          [0, 0],
          [199, 0],
        ],
        band,
      },
    ],
  });
  expect(placesOf(svg)).toEqual([
    [52, 100],
    [436, 100],
  ]);
  expect(svg).not.toContain('NaN');
});

test('text is escaped, and there is nothing that a strict policy forbids', () => {
  const svg = curvePlot({ ...straight, title: '<script>"&\'', marks: [5, 99] });
  expect(svg).toContain('aria-label="&lt;script&gt;&quot;&amp;&#39;"');
  expect(svg).not.toMatch(/<style|style=|<script/);
  expect(svg.match(/stroke-dasharray="1 3"/g)).toHaveLength(1);
});

test('ranges that do not rise, and scales that are none, are refused', () => {
  expect(() => curvePlot({ ...straight, yRange: [1, 1] })).toThrow('must rise, not go from 1 to 1');
  expect(() => curvePlot({ ...straight, yScale: 'log', yRange: [0, 1] })).toThrow('lie over 0');
  expect(() => curvePlot({ ...straight, yScale: 'lg' as 'log' })).toThrow("no scale named 'lg'");
  expect(curvePlot({ ...straight, curves: [] })).toContain('<svg');
});

test('axes are marked at round numbers', () => {
  expect(axisTicks([0, 1], 5)).toEqual([0, 0.2, 0.4, expect.closeTo(0.6), 0.8, 1]);
  expect(logTicks([0.02, 300])).toEqual([0.1, 1, 10, 100]);
  expect(logTicks([2, 5])).toEqual(axisTicks([2, 5]));
  expect(rangeOf([Number.NaN])).toEqual([0, 1]);
  expect(rangeOf([0.1])).toEqual([0.05, expect.closeTo(0.15)]);
});

test('the first cells of a grid are those of a smaller grid', () => {
  const values = Float32Array.from({ length: 6 * 4 }, (_, index) => index / 12 - 1);
  const whole = imageGrid(values, [6, 2, 2, 1], { columns: 3 });
  const corner = [0, 1, 3, 4].flatMap((image) => [...values.subarray(4 * image, 4 * image + 4)]);
  expect(firstCells(whole, [2, 2], 2, 2)).toEqual(imageGrid(Float32Array.from(corner), [4, 2, 2, 1], { columns: 2 }));
  expect(firstCells(whole, [2, 2], 9, 9)).toBe(whole);
});

test('a PNG comes back as the picture that it was; anything else is named', () => {
  const picture = imageGrid(Float32Array.of(-1, 0, 1, 0.5), [1, 2, 2, 1]);
  expect(decodePng(encodePng(picture), 'a.png')).toEqual(picture);
  expect(() => decodePng(Uint8Array.of(1, 2, 3), 'a.png')).toThrow("'a.png' is not a PNG picture");
});

test('pictures are stacked in colour, from the left, and enlarged pixel by pixel', () => {
  const grey = { width: 1, height: 1, channels: 1, data: Uint8Array.of(7) } as const;
  const colour = { width: 2, height: 1, channels: 4, data: Uint8Array.of(10, 20, 30, 255, 100, 100, 100, 0) } as const;
  const black = [0, 0, 0];
  const stacked = stackPictures([grey, colour], 1);
  expect(stacked).toMatchObject({ width: 2, height: 3, channels: 3 });
  expect([...stacked.data]).toEqual([7, 7, 7, ...black, ...black, ...black, 10, 20, 30, ...black]);
  expect(() => stackPictures([])).toThrow('no picture');
  const large = enlarged({ width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2) }, 2);
  expect([large.width, large.height, ...large.data]).toEqual([4, 2, 1, 1, 2, 2, 1, 1, 2, 2]);
});
