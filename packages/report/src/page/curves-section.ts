// The charts of a report, each with its legend, its numbers at a step and a table for those who cannot see it.
import { curvePlot, palette } from '@gankit/pictures';
import { type Chart, chartsOf } from '../charts.ts';
import type { RunStory } from '../run-story.ts';
import { html, jsonText, type Markup, raw } from './markup.ts';

const short = (value: number) => {
  const magnitude = Math.abs(value);
  return magnitude >= 1e5 || (magnitude > 0 && magnitude < 1e-3)
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
};

/** The colours of lines in a page of both grounds: as the palette, but for the first, which is too dark on dark. */
const lineColours = ['#2f86d1', '#d9661f', ...palette.slice(2)];
const colourOf = (index: number) => lineColours[index % lineColours.length]!;

function numbersTable({ lines }: Chart): Markup {
  const rows = lines.map(({ label, curve: { points } }) => {
    const least = Math.min(...points.map((point) => point.least));
    const greatest = Math.max(...points.map((point) => point.greatest));
    const cells = [points[0]!.mean, points.at(-1)!.mean, least, greatest].map(
      (value) => html`<td>${short(value)}</td>`,
    );
    return html`<tr><th scope="row">${label}</th>${cells}</tr>`;
  });
  return html`<details><summary>In numbers</summary><table class="numbers"><thead><tr><th scope="col">Curve</th><th scope="col">first</th><th scope="col">last</th><th scope="col">least</th><th scope="col">greatest</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

/** The charts, and the numbers behind them for the script. */
export function curvesSection(story: RunStory): Markup {
  const charts = chartsOf(story);
  const last = Math.max(story.step, 2);
  const marks = story.happenings.map(({ step }) => step);
  let index = 0;
  const figures = charts.map((chart) => {
    const legend = chart.lines.map(({ label }, place) => {
      const swatch = raw(
        `<svg viewBox="0 0 24 10" aria-hidden="true"><line x1="0" x2="24" y1="5" y2="5" stroke="${colourOf(place)}" stroke-width="3"/></svg>`,
      );
      return html`<li>${swatch}${label} <output data-curve="${index++}"></output></li>`;
    });
    const svg = curvePlot({
      title: `${chart.title}: ${chart.lines.map(({ label }) => label).join(', ')}, by step`,
      xLabel: 'step',
      yScale: chart.yScale,
      yRange: chart.yRange,
      xRange: [1, last],
      marks,
      curves: chart.lines.map(({ label, curve }, place) => ({
        label,
        colour: colourOf(place),
        points: curve.points.map(({ step, mean }) => [step, mean] as const),
        band: curve.points.map(({ step, least, greatest }) => [step, least, greatest] as const),
      })),
    });
    return html`<figure><h3>${chart.title}</h3><ul class="legend">${legend}</ul>${raw(svg)}<figcaption>${chart.caption}</figcaption>${numbersTable(chart)}</figure>\n`;
  });
  const data = charts.flatMap(({ lines }) =>
    lines.map(({ curve }) => curve.points.map(({ step, mean }) => [step, Number(mean.toPrecision(5))])),
  );
  return html`<section aria-labelledby="curves"><h2 id="curves">Curves</h2>
${charts.length === 0 ? html`<p>No step was logged yet.</p>` : html`<p class="quiet">A line is the mean of some steps in a row, the pale band goes from the least to the greatest of them; a dotted line marks a finding, a rollback or a change.</p>`}
<div class="charts">${figures}</div>
<script type="application/json" id="curve-data">${raw(jsonText(data))}</script></section>`;
}
