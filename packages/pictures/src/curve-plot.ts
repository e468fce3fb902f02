// One chart of curves as SVG for a page: it takes the page's text colour and holds no style of its own, so that a strict policy allows it.
import { checkChoice, checkOptions, GanKitError } from '@gankit/core';
import { type AxisRange, axisTicks, logTicks, rangeOf } from './axis.ts';
import { palette } from './colours.ts';
import { escapeText } from './escape-text.ts';

/** One curve. A point that is not finite leaves a gap; so does one that is not over 0 on a logarithmic axis. */
export interface PlottedCurve {
  readonly label: string;
  /** Any colour of SVG; the next one of the palette by default. */
  readonly colour?: string | undefined;
  /** From left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Between which numbers the values around each point lie, drawn as a pale band. */
  readonly band?: readonly (readonly [x: number, low: number, high: number])[] | undefined;
  readonly dashed?: boolean | undefined;
}

export interface CurvePlotOptions {
  /** What the picture is called where it is read aloud. */
  readonly title: string;
  readonly xLabel: string;
  readonly curves: readonly PlottedCurve[];
  /** `linear` by default; `log` for numbers over 0 of different magnitudes. */
  readonly yScale?: 'linear' | 'log' | undefined;
  /** What the vertical axis shows; all values, without the outermost hundredth, by default. */
  readonly yRange?: AxisRange | undefined;
  /** What the horizontal axis shows; from the first to the last point of all curves by default. */
  readonly xRange?: AxisRange | undefined;
  /** Places to mark with a dotted line, such as findings. */
  readonly marks?: readonly number[] | undefined;
}

/** The sides of the picture and of the plot in it, in units that the page scales. */
const size = { width: 460, height: 236 };
const plot = { left: 52, top: 10, right: 436, bottom: 190 };

/** Places in tenths of a unit. */
const place = (value: number) => Number(value.toFixed(1)).toString();
const label = (value: number) => {
  const magnitude = Math.abs(value);
  if (magnitude >= 10_000) return value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 });
  return magnitude > 0 && magnitude < 0.001 ? value.toExponential(0) : Number(value.toPrecision(3)).toString();
};

/** All numbers that are drawn, without the outermost hundredth of the bands: one spike must not flatten a curve. */
function shownRange(curves: readonly PlottedCurve[], isDrawn: (y: number) => boolean): AxisRange {
  const means = curves.flatMap(({ points }) => points.map(([, y]) => y)).filter(isDrawn);
  const edges = curves.flatMap(({ band = [] }) => band.flatMap(([, low, high]) => [low, high])).filter(isDrawn);
  const sorted = [...edges].sort((a, b) => a - b);
  const cut = Math.floor(sorted.length / 100);
  return rangeOf([...means, ...sorted.slice(cut, sorted.length - cut)]);
}

/** The runs between gaps. */
function segments<Point extends readonly number[]>(
  points: readonly Point[],
  isDrawn: (y: number) => boolean,
): Point[][] {
  const found: Point[][] = [[]];
  for (const point of points) {
    if (point.slice(1).every(isDrawn)) found.at(-1)!.push(point);
    else if (found.at(-1)!.length > 0) found.push([]);
  }
  return found.filter(({ length }) => length > 0);
}

/**
 * A chart of curves, without a legend (`data-*` attributes say where the plot lies, for a page that shows a place in it): text of an `<svg>`
 * element of 460 x 236 units that fills the width that it is given.
 * @throws GanKitError `invalid-argument` for unknown options or a range that does not rise, `unknown-name` for another scale.
 */
export function curvePlot(options: CurvePlotOptions): string {
  checkOptions('curvePlot', options, {
    title: 'required',
    xLabel: 'required',
    curves: 'required',
    yScale: 'optional',
    yRange: 'optional',
    xRange: 'optional',
    marks: 'optional',
  });
  const { title, xLabel, curves, yScale = 'linear', marks = [] } = options;
  checkChoice('scale', yScale, ['linear', 'log']);
  const isLog = yScale === 'log';
  const isDrawn = (y: number) => Number.isFinite(y) && (!isLog || y > 0);
  const {
    yRange = shownRange(curves, isDrawn),
    xRange = rangeOf(curves.flatMap(({ points }) => points.map(([x]) => x))),
  } = options;
  for (const [name, range] of Object.entries({ xRange, yRange })) {
    if (range[0] < range[1] && (name === 'xRange' || !isLog || range[0] > 0)) continue;
    throw new GanKitError(
      'invalid-argument',
      `The ${name} of '${title}' must rise${isLog ? ' and lie over 0' : ''}, not go from ${range.join(' to ')}.`,
      { value: [...range] },
    );
  }
  const scaled = (y: number) => (isLog ? Math.log10(y) : y);
  const [low, high] = [scaled(yRange[0]), scaled(yRange[1])];
  const toX = (x: number) => plot.left + ((x - xRange[0]) / (xRange[1] - xRange[0])) * (plot.right - plot.left);
  const toY = (y: number) => {
    // What lies outside is cut off at the edge.
    const share = Math.min(1, Math.max(0, (scaled(y) - low) / (high - low)));
    return plot.bottom - share * (plot.bottom - plot.top);
  };
  const line = (x1: number, y1: number, x2: number, y2: number, more: string) =>
    `<line x1="${place(x1)}" y1="${place(y1)}" x2="${place(x2)}" y2="${place(y2)}" stroke="currentColor" ${more}/>`;
  const text = (x: number, y: number, anchor: string, content: string) =>
    `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}" font-size="12" fill="currentColor">${escapeText(content)}</text>`;
  const ticks = isLog ? logTicks(yRange) : axisTicks(yRange);
  const grid = [
    ...ticks.flatMap((y) => [
      line(plot.left, toY(y), plot.right, toY(y), 'stroke-opacity="0.16"'),
      text(plot.left - 7, toY(y) + 4, 'end', label(y)),
    ]),
    ...axisTicks(xRange, 5).map((x) => text(toX(x), plot.bottom + 17, 'middle', label(x))),
    line(plot.left, plot.bottom, plot.right, plot.bottom, 'stroke-opacity="0.5"'),
    ...marks
      .filter((x) => x >= xRange[0] && x <= xRange[1])
      .map((x) => line(toX(x), plot.top, toX(x), plot.bottom, 'stroke-opacity="0.6" stroke-dasharray="1 3"')),
  ];
  const colourOf = ({ colour }: PlottedCurve, index: number) => escapeText(colour ?? palette[index % palette.length]!);
  const bands = curves.flatMap((curve, index) =>
    segments(curve.band ?? [], isDrawn).map((segment) => {
      const upper = segment.map(([x, , top]) => `${place(toX(x))},${place(toY(top))}`);
      const lower = segment.map(([x, bottom]) => `${place(toX(x))},${place(toY(bottom))}`).reverse();
      return `<polygon points="${[...upper, ...lower].join(' ')}" fill="${colourOf(curve, index)}" fill-opacity="0.16"/>`;
    }),
  );
  const lines = curves.flatMap((curve, index) =>
    segments(curve.points, isDrawn).map((segment) => {
      const stroke = `stroke="${colourOf(curve, index)}" stroke-width="2"`;
      if (segment.length === 1) {
        const [x, y] = segment[0]!;
        return `<circle cx="${place(toX(x))}" cy="${place(toY(y))}" r="2.5" fill="${colourOf(curve, index)}"/>`;
      }
      const points = segment.map(([x, y]) => `${place(toX(x))},${place(toY(y))}`).join(' ');
      return `<polyline points="${points}" fill="none" ${stroke} stroke-linejoin="round"${curve.dashed ? ' stroke-dasharray="7 4"' : ''}/>`;
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeText(title)}" data-left="${plot.left}" data-right="${plot.right}" data-top="${plot.top}" data-bottom="${plot.bottom}" data-from="${xRange[0]}" data-to="${xRange[1]}">`,
    ...grid,
    ...bands,
    ...lines,
    text((plot.left + plot.right) / 2, plot.bottom + 37, 'middle', xLabel),
    '</svg>',
  ].join('\n');
}
