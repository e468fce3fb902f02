// Line charts as SVG text, panels side by side over one legend: the same bytes every time, light or dark as the reader has it.
import { checkOptions, GanKitError } from '@gankit/core';
import { axisTicks, rangeOf } from './axis.ts';
import { palette } from './colours.ts';
import { escapeText } from './escape-text.ts';

/** One line of a panel. A point that is not finite leaves a gap. */
export interface Line {
  readonly label: string;
  /** Any colour of CSS; the next one of the palette by default. */
  readonly colour?: string | undefined;
  /** Points from left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dashed?: boolean | undefined;
}

/** One of the charts. */
export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly lines: readonly Line[];
  /** What the vertical axis shows; values outside are cut off. All values by default. */
  readonly yRange?: readonly [low: number, high: number] | undefined;
}

type Point = Line['points'][number];

const panelWidth = 380;
const plot = { left: 46, top: 34, width: 316, height: 190 };
const height = 300;

/** Places in hundredths of a pixel. */
const place = (value: number) => Number(value.toFixed(2)).toString();
/** A number beside an axis. */
const label = (value: number) => Number(value.toPrecision(3)).toString();
const isDrawn = ([x, y]: Point) => Number.isFinite(x) && Number.isFinite(y);

/** The runs of points between gaps. */
function segmentsOf(points: Line['points']): Point[][] {
  const segments: Point[][] = [[]];
  for (const point of points) {
    if (isDrawn(point)) segments.at(-1)!.push(point);
    else if (segments.at(-1)!.length > 0) segments.push([]);
  }
  return segments.filter(({ length }) => length > 0);
}

const colourOf = ({ colour }: Line, index: number) => escapeText(colour ?? palette[index % palette.length]!);
const dashesOf = ({ dashed }: Line) => (dashed ? ' stroke-dasharray="7 4"' : '');

function panelSvg(panel: Panel, index: number): string {
  checkOptions(`panel ${index}`, panel, {
    title: 'required',
    xLabel: 'required',
    lines: 'required',
    yRange: 'optional',
  });
  const drawn = panel.lines.flatMap(({ points }) => points.filter(isDrawn));
  const xRange = rangeOf(drawn.map(([x]) => x));
  const yRange = panel.yRange ?? rangeOf(drawn.map(([, y]) => y));
  if (!(yRange[0] < yRange[1])) {
    throw new GanKitError(
      'invalid-argument',
      `The yRange of '${panel.title}' must rise, not go from ${yRange.join(' to ')}.`,
      {
        value: [...yRange],
      },
    );
  }
  const left = index * panelWidth + plot.left;
  const bottom = plot.top + plot.height;
  const [low, high] = yRange;
  const toX = (x: number) => left + ((x - xRange[0]) / (xRange[1] - xRange[0])) * plot.width;
  // A little outside is enough to be cut off, and far outside is a number that no reader of SVG must take.
  const toY = (y: number) =>
    plot.top + (1 - (Math.min(Math.max(y, 2 * low - high), 2 * high - low) - low) / (high - low)) * plot.height;
  const clip = `clip-${index}`;
  const grid = [
    ...axisTicks(xRange).map((x) => [
      `<line x1="${place(toX(x))}" x2="${place(toX(x))}" y1="${plot.top}" y2="${bottom}" class="${x === 0 ? 'axis' : 'grid'}"/>`,
      `<text x="${place(toX(x))}" y="${bottom + 15}" text-anchor="middle">${label(x)}</text>`,
    ]),
    ...axisTicks(yRange).map((y) => [
      `<line x1="${left}" x2="${left + plot.width}" y1="${place(toY(y))}" y2="${place(toY(y))}" class="${y === 0 ? 'axis' : 'grid'}"/>`,
      `<text x="${left - 6}" y="${place(toY(y) + 4)}" text-anchor="end">${label(y)}</text>`,
    ]),
  ].flat();
  const lines = panel.lines.flatMap((line, number) =>
    segmentsOf(line.points).map((segment) => {
      const points = segment.map(([x, y]) => `${place(toX(x))},${place(toY(y))}`).join(' ');
      return `<polyline points="${points}" fill="none" stroke="${colourOf(line, number)}" stroke-width="2.2"${dashesOf(line)} clip-path="url(#${clip})"/>`;
    }),
  );
  return [
    `<clipPath id="${clip}"><rect x="${left}" y="${plot.top}" width="${plot.width}" height="${plot.height}"/></clipPath>`,
    `<text x="${left}" y="20" class="title">${escapeText(panel.title)}</text>`,
    ...grid,
    ...lines,
    `<text x="${left + plot.width / 2}" y="${bottom + 33}" text-anchor="middle">${escapeText(panel.xLabel)}</text>`,
  ].join('\n');
}

const style = `text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:13px}.grid{stroke:#e4e4e4}.axis{stroke:#8a8a8a}.ground{fill:#fff}
@media (prefers-color-scheme:dark){text{fill:#d5d8dd}.grid{stroke:#33383f}.axis{stroke:#7a808a}.ground{fill:#16191d}}`;

/**
 * Panels side by side over a legend of the first panel's lines, as the text of an SVG file, 300 pixels high and 380 wide for each panel.
 * It follows the reader's light or dark scheme.
 * @throws GanKitError `invalid-argument` for a panel of other options, or a yRange that does not rise.
 */
export function lineChart(panels: readonly Panel[]): string {
  const width = Math.max(1, panels.length) * panelWidth;
  let x = plot.left;
  const legend = (panels[0]?.lines ?? []).map((line, index) => {
    const at = x;
    x += 44 + line.label.length * 6.6;
    return (
      `<line x1="${place(at)}" x2="${place(at + 22)}" y1="${height - 18}" y2="${height - 18}" stroke="${colourOf(line, index)}" stroke-width="2.2"${dashesOf(line)}/>` +
      `<text x="${place(at + 27)}" y="${height - 14}">${escapeText(line.label)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<style>${style}</style>
<rect width="${width}" height="${height}" class="ground"/>
${panels.map(panelSvg).join('\n')}
${legend.join('\n')}
</svg>
`;
}
