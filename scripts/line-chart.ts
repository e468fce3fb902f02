// Line charts as SVG text: two panels side by side, one legend. No dependency, same bytes every time.

export interface Line {
  readonly label: string;
  readonly colour: string;
  /** Points from left to right. */
  readonly points: readonly (readonly [number, number])[];
  readonly dashed?: boolean;
}

export interface Panel {
  readonly title: string;
  readonly xLabel: string;
  readonly lines: readonly Line[];
  /** What the vertical axis shows; values outside are cut off. */
  readonly yRange: readonly [number, number];
}

const panelWidth = 380;
const plot = { left: 46, top: 34, width: 316, height: 190 };
const height = 300;

const escapeText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const short = (value: number) => Number(value.toFixed(2)).toString();

/** Round numbers between two ends, about seven of them. */
function ticks([low, high]: readonly [number, number]): number[] {
  const rough = (high - low) / 7;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((candidate) => candidate >= rough) ?? rough;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, index) => (first + index) * step);
}

function panelSvg(panel: Panel, index: number): string {
  const xs = panel.lines.flatMap(({ points }) => points.map(([x]) => x));
  const xRange = [Math.min(...xs), Math.max(...xs)] as const;
  const left = index * panelWidth + plot.left;
  const toX = (x: number) => left + ((x - xRange[0]) / (xRange[1] - xRange[0])) * plot.width;
  const [low, high] = panel.yRange;
  const toY = (y: number) => plot.top + (1 - (y - low) / (high - low)) * plot.height;
  const bottom = plot.top + plot.height;
  const clip = `clip-${index}`;
  const grid = [
    ...ticks(xRange).map(
      (x) =>
        `<line x1="${short(toX(x))}" x2="${short(toX(x))}" y1="${plot.top}" y2="${bottom}" class="${x === 0 ? 'axis' : 'grid'}"/>` +
        `<text x="${short(toX(x))}" y="${bottom + 15}" text-anchor="middle">${short(x)}</text>`,
    ),
    ...ticks(panel.yRange).map(
      (y) =>
        `<line x1="${left}" x2="${left + plot.width}" y1="${short(toY(y))}" y2="${short(toY(y))}" class="${y === 0 ? 'axis' : 'grid'}"/>` +
        `<text x="${left - 6}" y="${short(toY(y) + 4)}" text-anchor="end">${short(y)}</text>`,
    ),
  ];
  const lines = panel.lines.map(({ points, colour, dashed }) => {
    const path = points.map(
      ([x, y]) => `${short(toX(x))},${short(toY(Math.min(Math.max(y, low - high), 2 * high - low)))}`,
    );
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2.2"${dashed ? ' stroke-dasharray="7 4"' : ''} clip-path="url(#${clip})"/>`;
  });
  return [
    `<clipPath id="${clip}"><rect x="${left}" y="${plot.top}" width="${plot.width}" height="${plot.height}"/></clipPath>`,
    `<text x="${left}" y="20" class="title">${escapeText(panel.title)}</text>`,
    ...grid,
    ...lines,
    `<text x="${left + plot.width / 2}" y="${bottom + 33}" text-anchor="middle">${escapeText(panel.xLabel)}</text>`,
  ].join('\n');
}

/** Panels side by side over a legend of the first panel's lines. */
export function lineChart(panels: readonly Panel[]): string {
  const width = panels.length * panelWidth;
  let x = plot.left;
  const legend = (panels[0]?.lines ?? []).map(({ label, colour, dashed }) => {
    const at = x;
    x += 44 + label.length * 6.6;
    return (
      `<line x1="${short(at)}" x2="${short(at + 22)}" y1="${height - 18}" y2="${height - 18}" stroke="${colour}" stroke-width="2.2"${dashed ? ' stroke-dasharray="7 4"' : ''}/>` +
      `<text x="${short(at + 27)}" y="${height - 14}">${escapeText(label)}</text>`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600;font-size:13px}.grid{stroke:#e4e4e4}.axis{stroke:#8a8a8a}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${panels.map(panelSvg).join('\n')}
${legend.join('\n')}
</svg>
`;
}
