import { decode } from 'fast-png';
import { describe, expect, test } from 'vitest';
import { diverging } from './colours.ts';
import { heatMap } from './heat-map.ts';
import { imageGrid } from './image-grid.ts';
import { lineChart } from './line-chart.ts';
import { encodePng } from './png.ts';
import { scatterPlot } from './scatter-plot.ts';

test('a grid lays images out in rows with gaps of black', () => {
  // Three images of 1x2 pixels, two to a row.
  const picture = imageGrid(Float32Array.from([-1, 1, 0, 2, -3, 0.5]), [3, 1, 2, 1], { columns: 2, gap: 1 });
  expect(picture).toMatchObject({ width: 7, height: 5, channels: 1 });
  const rows = Array.from({ length: 5 }, (_, row) => [...picture.data.subarray(row * 7, row * 7 + 7)]);
  const black = [0, 0, 0, 0, 0, 0, 0];
  expect(rows).toEqual([black, [0, 0, 255, 0, 128, 255, 0], black, [0, 0, 191, 0, 0, 0, 0], black]);
});

test('colour images keep their channels', () => {
  const picture = imageGrid(Float32Array.from([1, -1, 0]), [1, 1, 1, 3]);
  expect(picture).toEqual({ width: 1, height: 1, channels: 3, data: Uint8Array.from([255, 0, 128]) });
});

test('alpha channels are kept, and gaps are transparent', () => {
  const grey = imageGrid(Float32Array.from([1, 0, -1, 1]), [2, 1, 1, 2], { columns: 2, gap: 1 });
  expect(grey).toMatchObject({ width: 5, height: 3, channels: 2 });
  expect([...grey.data.subarray(10, 20)]).toEqual([0, 0, 255, 128, 0, 0, 0, 255, 0, 0]);
  const picture = imageGrid(Float32Array.from([1, 0, -1, 1]), [1, 1, 1, 4]);
  const decoded = decode(encodePng(picture));
  expect([decoded.channels, ...decoded.data]).toEqual([4, 255, 128, 0, 255]);
});

test('what is not an image is refused, and what is too large', () => {
  expect(() => imageGrid(new Float32Array(5), [1, 1, 1, 5])).toThrow('not 5 values of shape [1, 1, 1, 5]');
  expect(() => imageGrid(new Float32Array(0), [0, 2, 2, 1])).toThrow('not 0 values of shape [0, 2, 2, 1]');
  expect(() => imageGrid(new Float32Array(1), [1, 1, 1, 1], { columns: 1e9 })).toThrow('is too large');
  expect(() => scatterPlot([], { size: 1e6 })).toThrow('A picture of 1000000 x 1000000 pixels is too large');
  expect(() => imageGrid(new Float32Array(7), [2, 2, 2, 1])).toThrow('not 7 values');
});

test('a PNG holds the same pixels', () => {
  const picture = imageGrid(
    Float32Array.from({ length: 48 }, (_, index) => index / 24 - 1),
    [4, 2, 2, 3],
  );
  const decoded = decode(encodePng(picture));
  expect([decoded.width, decoded.height, decoded.channels]).toEqual([picture.width, picture.height, 3]);
  expect([...decoded.data]).toEqual([...picture.data]);
});

test('a scatter plot puts x to the right and y up, and leaves out what lies outside', () => {
  const size = 101;
  const { data } = scatterPlot([{ points: Float32Array.from([0.5, 0.5, 9, 9]), color: [0, 0, 0] }], { size });
  let dark: number[] = [];
  for (let index = 0; index < size * size; index++) if (data[3 * index]! < 200) dark = [...dark, index];
  expect(dark.length).toBeGreaterThan(0);
  for (const index of dark) {
    expect(index % size).toBeGreaterThan(size / 2 + 15);
    expect(Math.floor(index / size)).toBeLessThan(size / 2 - 15);
  }
});

test('points that lie anywhere, or nowhere, end in a picture', () => {
  const far = [1e12, 1e14, -1e30, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN];
  const points = Float32Array.from(far.flatMap((value) => [value, 0, 0, value, value, value]));
  const { data } = scatterPlot([{ points, color: [0, 0, 0] }], { size: 20 });
  expect(data.every((value) => value === 255)).toBe(true);
  expect(() => scatterPlot([{ points: new Float32Array(3), color: [0, 0, 0] }])).toThrow('not 3 numbers');
});

test('an option that does not exist is refused by name', () => {
  const misspelt = { colums: 2, sise: 3 } as object;
  const image = Float32Array.of(0);
  expect(() => imageGrid(image, [1, 1, 1, 1], misspelt)).toThrow(
    "imageGrid has no option 'colums'; did you mean 'columns'?",
  );
  expect(() => heatMap(image, [1, 1, 1, 1], misspelt)).toThrow(
    "heatMap has no option 'colums'; did you mean 'columns'?",
  );
  expect(() => scatterPlot([], misspelt)).toThrow("scatterPlot has no option 'colums'; its options are size");
});

test('a heat map is blue below 0, white at 0 and red above, with channels summed', () => {
  const picture = heatMap(Float32Array.of(-2, 0, 1, 1, 1, -1, 0.5, 0.5), [1, 2, 2, 2]);
  expect(picture).toMatchObject({ width: 2, height: 2, channels: 3 });
  const half = [255, 255, 255].map((white, channel) => Math.round((white + [178, 24, 43][channel]!) / 2));
  const [first, second, third, fourth] = [0, 3, 6, 9].map((at) => [...picture.data.subarray(at, at + 3)]);
  expect(first).toEqual([33, 102, 172]);
  expect(second).toEqual([178, 24, 43]);
  expect(third).toEqual([255, 255, 255]);
  fourth!.forEach((byte, channel) => {
    expect(Math.abs(byte - half[channel]!)).toBeLessThanOrEqual(1);
  });
  expect([...heatMap(Float32Array.of(1), [1, 1, 1, 1], { scale: 1e9 }).data]).toEqual([255, 255, 255]);
  expect([...heatMap(new Float32Array(2), [2, 1, 1, 1], { gap: 0, columns: 2 }).data]).toEqual(Array(6).fill(255));
  expect(() => heatMap(new Float32Array(3), [1, 2, 2, 1])).toThrow('not 3 values of shape [1, 2, 2, 1]');
});

describe('a line chart', () => {
  const chart = (lines: Parameters<typeof lineChart>[0][number]['lines'], yRange?: readonly [number, number]) =>
    lineChart([{ title: 'A <b> & "c"', xLabel: 'step', lines, yRange }]);

  test('draws each line in a colour of its own, escapes what it is told, and follows the scheme of the reader', () => {
    const svg = chart([
      {
        label: 'D',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
      {
        label: 'G',
        points: [
          [0, 1],
          [1, 0],
        ],
        dashed: true,
      },
    ]);
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(new Set(svg.match(/stroke="#[0-9a-f]{6}"/g))).toEqual(new Set(['stroke="#0072b2"', 'stroke="#d55e00"']));
    expect(svg).toContain('A &lt;b&gt; &amp; &quot;c&quot;');
    expect(svg).toContain('prefers-color-scheme:dark');
    // From corner to corner of the plot.
    expect(svg).toContain('points="46,224 362,34"');
    expect(svg).toBe(
      chart([
        {
          label: 'D',
          points: [
            [0, 0],
            [1, 1],
          ],
        },
        {
          label: 'G',
          points: [
            [0, 1],
            [1, 0],
          ],
          dashed: true,
        },
      ]),
    );
  });

  test('leaves gaps where nothing is finite, and draws constants, single points and nothing at all', () => {
    const gap = chart([
      {
        label: 'x',
        points: [
          [0, 1],
          [1, Number.NaN],
          [2, 3],
          [3, Number.POSITIVE_INFINITY],
          [4, 2],
        ],
      },
    ]);
    expect(gap.match(/<polyline/g)).toHaveLength(3);
    for (const points of [
      [],
      [[0, 5]],
      [
        [0, 5],
        [1, 5],
      ],
      [
        [0, 1e-8],
        [1, 2e-8],
      ],
      [
        [0, 1e300],
        [1, -1e300],
      ],
    ] as const) {
      const svg = chart([{ label: 'x', points }]);
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
    expect(lineChart([])).toContain('</svg>');
  });

  test('refuses a range that does not rise', () => {
    expect(() => chart([], [1, 1])).toThrow('must rise, not go from 1 to 1');
  });
});

test('colours go from blue over white to red', () => {
  expect([diverging(-2), diverging(0), diverging(Number.NaN), diverging(1)]).toEqual([
    [33, 102, 172],
    [255, 255, 255],
    [255, 255, 255],
    [178, 24, 43],
  ]);
});
