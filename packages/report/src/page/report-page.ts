// A run as one HTML file: nothing is fetched from anywhere, and nothing in it can run but its own script.
import { checkOptions } from '@gankit/core';
import { inShort } from '../in-short.ts';
import { currentRecipe, type RunStory } from '../run-story.ts';
import { contentPolicy } from './content-policy.ts';
import { curvesSection } from './curves-section.ts';
import { findingsSection } from './findings-section.ts';
import { html, raw } from './markup.ts';
import { picturesSection, samplesSection } from './samples-section.ts';
import { pageScript } from './script.ts';
import { settingsSection } from './settings-section.ts';
import { pageStyle } from './style.ts';

export interface ReportPageOptions {
  /**
   * Milliseconds after which the page fetches itself anew, for one that is served while the run goes on; never by default, as befits a
   * file.
   */
  readonly renewEvery?: number | undefined;
  /** The address of a page of all runs to go back to, for one that is served. */
  readonly allRuns?: string | undefined;
}

const stateWords = { running: 'being trained', complete: 'complete', ended: 'ended early' } as const;

/** What changes when there is something new to see. */
export function storyVersion({ state, step, samples, happenings, pictures }: RunStory): string {
  return [state, step, samples.at(-1)?.step ?? '-', happenings.length, pictures.length].join('/');
}

/**
 * The report of a run as the text of one HTML file. It needs no network, follows the reader's light or dark scheme, prints, and is whole without
 * its script.
 * @throws GanKitError `invalid-argument` for unknown options.
 */
export async function reportPage(story: RunStory, options: ReportPageOptions = {}): Promise<string> {
  checkOptions('reportPage', options, { renewEvery: 'optional', allRuns: 'optional' });
  const { renewEvery, allRuns } = options;
  const recipe = currentRecipe(story);
  const policy = await contentPolicy({ style: pageStyle, script: pageScript, connects: renewEvery !== undefined });
  const told = recipe.conditioning.map(({ name }) => `, ${name}`).join('');
  const penalties = recipe.penalties.map(({ name }) => ` + ${name}`).join('');
  const back = allRuns === undefined ? undefined : html`<p><a href="${allRuns}">All runs</a></p>`;
  const live = renewEvery === undefined ? undefined : html` data-live="${renewEvery}"`;
  const remarks = story.remarks.map((remark) => html`<p class="quiet">${remark}</p>`);
  return html`<!doctype html>
<html lang="en"${live}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<meta name="generator" content="GANKit">
<title>${story.name} – GANKit</title>
<style>${raw(pageStyle)}</style>
</head>
<body>
<header>
${back}<h1>${story.name}</h1>
<p>${recipe.generator.name}${told} on ${recipe.data.name}, ${recipe.loss.name} loss${penalties} <span class="state ${story.state}">${stateWords[story.state]}</span></p>
</header>
<main data-version="${storyVersion(story)}">
<div class="top">
<div>
<section aria-labelledby="short"><h2 id="short">In short</h2>
<ul class="short">${inShort(story).map((sentence) => html`<li>${sentence}</li>`)}</ul>${remarks}</section>
${findingsSection(story)}
</div>
${samplesSection(story)}
</div>
${picturesSection(story)}
${curvesSection(story)}
${settingsSection(story)}
</main>
<footer><p>Made by GANKit. Everything is in this file.</p></footer>
<script>${raw(pageScript)}</script>
</body>
</html>
`.markup;
}
