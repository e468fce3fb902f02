// All runs of a folder side by side, as a page that is served: it fetches itself anew while they go on.
import { curvePlot } from '@gankit/pictures';
import { chartsOf } from '../charts.ts';
import { currentRecipe, type RunStory } from '../run-story.ts';
import { contentPolicy } from './content-policy.ts';
import { html, type Markup, raw } from './markup.ts';
import { storyVersion } from './report-page.ts';
import { runsScript } from './runs-script.ts';
import { pageStyle } from './style.ts';

export interface RunsPageOptions {
  /** The folder of the runs, as it is called. */
  readonly title: string;
  /** Milliseconds between two looks. */
  readonly renewEvery: number;
  /** Where the report of a run is. */
  readonly reportOf: (name: string) => string;
  /** Where the newest samples of a run are; nothing when there are none. */
  readonly samplesOf: (story: RunStory) => string | undefined;
  /** Folders that are runs but cannot be read, each with its reason. */
  readonly unreadable: readonly { readonly name: string; readonly reason: string }[];
}

const stateWords = { running: 'being trained', complete: 'complete', ended: 'ended early' } as const;
const colours = ['#2f86d1', '#d9661f'];
const count = (value: number) => value.toLocaleString('en');

/** The chart that tells most of a run in little room: what the discriminator says, or the losses. */
function smallChart(story: RunStory): Markup | undefined {
  const charts = chartsOf(story);
  const chart = charts.find(({ title }) => title === 'What the discriminator says') ?? charts[0];
  if (chart === undefined) return undefined;
  const svg = curvePlot({
    title: `${story.name}, ${chart.title}: ${chart.lines.map(({ label }) => label).join(', ')}, by step`,
    xLabel: 'step',
    yScale: chart.yScale,
    yRange: chart.yRange,
    xRange: [1, Math.max(2, story.step)],
    marks: story.happenings.map(({ step }) => step),
    curves: chart.lines.slice(0, 2).map(({ label, curve }, index) => ({
      label,
      colour: colours[index],
      points: curve.points.map(({ step, mean }) => [step, mean] as const),
    })),
  });
  const legend = chart.lines.slice(0, 2).map(({ label }, index) => {
    const swatch = `<svg viewBox="0 0 24 10" aria-hidden="true"><line x1="0" x2="24" y1="5" y2="5" stroke="${colours[index]}" stroke-width="3"/></svg>`;
    return html`<li>${raw(swatch)}${label}</li>`;
  });
  return html`<figure><ul class="legend">${legend}</ul>${raw(svg)}</figure>`;
}

function card(story: RunStory, { reportOf, samplesOf }: RunsPageOptions): Markup {
  const recipe = currentRecipe(story);
  const steps = story.recipes.at(-1)!.recipe.stopping.steps;
  const address = samplesOf(story);
  const samples = story.samples.at(-1);
  const findings = story.happenings.filter(({ type }) => type === 'finding').length;
  const measured = Object.entries(story.measurements.at(-1)?.values ?? {}).slice(0, 3);
  const numbers = measured.map(([name, value]) => html`<br>${name} ${Number(value.toPrecision(3))}`);
  return html`<li><h2><a href="${reportOf(story.name)}">${story.name}</a></h2>
<p><span class="state ${story.state}">${stateWords[story.state]}</span> ${count(story.step)} of ${count(steps)} steps</p>
<p class="quiet">${recipe.generator.name} on ${recipe.data.name}, ${recipe.loss.name}${recipe.penalties.map(({ name }) => ` + ${name}`).join('')}, seed ${recipe.seed}${numbers}${findings > 0 && html`<br>${findings} ${findings === 1 ? 'finding' : 'findings'} of the monitor`}</p>
${address !== undefined && samples !== undefined && html`<img src="${address}" width="${samples.width}" height="${samples.height}" alt="Samples of ${story.name} at step ${count(samples.step)}">`}
${smallChart(story)}</li>\n`;
}

/** The page of all runs as HTML text. */
export async function runsPage(stories: readonly RunStory[], options: RunsPageOptions): Promise<string> {
  const { title, renewEvery, unreadable } = options;
  const policy = await contentPolicy({ style: pageStyle, script: runsScript, connects: true });
  const version = stories.map((story) => `${story.name}:${storyVersion(story)}`).join(' ');
  const passedOver = unreadable.map(({ name, reason }) => html`<li>${name}: ${reason}</li>`);
  return html`<!doctype html>
<html lang="en" data-live="${renewEvery}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Runs in ${title} – GANKit</title>
<style>${raw(pageStyle)}</style>
</head>
<body>
<header><h1>Runs in ${title}</h1></header>
<main data-version="${version}">
${stories.length === 0 ? html`<p>There are no runs here yet. Begin one with: gankit train --out ${title}/first</p>` : html`<ul class="runs">${stories.map((story) => card(story, options))}</ul>`}
${passedOver.length > 0 && html`<h2>Not readable</h2><ul>${passedOver}</ul>`}
</main>
<footer><p>GANKit. This page reads; it changes nothing.</p></footer>
<script>${raw(runsScript)}</script>
</body>
</html>
`.markup;
}
