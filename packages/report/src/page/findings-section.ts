// What happened besides steps: what the monitor found and what to try, rollbacks, changes of the recipe.
import type { FindingEvent } from '@gankit/core';
import { adviceFor, trialCommand } from '../advice.ts';
import { currentRecipe, type Happening, type RunStory } from '../run-story.ts';
import { html, type Markup } from './markup.ts';

const count = (value: number) => value.toLocaleString('en');

function findingText(story: RunStory, { step, finding, reason }: FindingEvent, advise: boolean): Markup {
  const recipe = currentRecipe({ ...story, step: Math.max(0, step - 1) });
  const isImage = story.sampleShape?.length === 3;
  const { title, meaning, trials } = adviceFor(finding, recipe, isImage);
  const { steps } = story.recipes.at(-1)!.recipe.stopping;
  const moreSteps = story.state === 'complete' ? 2 * steps : undefined;
  const tries = trials.map(
    (trial) =>
      html`<li>${trial.why}<pre tabindex="0" role="group" aria-label="command"><code>${trialCommand(trial, story.path, moreSteps)}</code></pre></li>`,
  );
  const advice = advise
    ? html`<p>${meaning}</p><p>What to try, one at a time:</p><ul>${tries}</ul>`
    : html`<p class="quiet">As above.</p>`;
  return html`<div class="finding"><h3>Step ${count(step)}: ${title}</h3><p>${reason}</p>${advice}</div>\n`;
}

function happeningText(story: RunStory, happening: Happening, told: Set<string>): Markup {
  if (happening.type === 'finding') {
    const advise = !told.has(happening.finding);
    told.add(happening.finding);
    return findingText(story, happening, advise);
  }
  if (happening.type === 'rollback') {
    return html`<div class="finding"><h3>Step ${count(happening.from)}: it went back to step ${count(happening.step)}</h3><p>${happening.reason} Both learning rates were multiplied by ${happening.learningRateFactor} from there on.</p></div>\n`;
  }
  return html`<div class="happening"><h3>After step ${count(happening.step)}: other parts</h3><p>Exchanged: ${happening.changed.join(', ')}.</p></div>\n`;
}

export function findingsSection(story: RunStory): Markup {
  const told = new Set<string>();
  const watched = currentRecipe(story).stabilizers.some(({ name }) => name === 'monitor');
  const nothing = watched
    ? 'Nothing so far. The monitor watches for collapsed modes, a discriminator that is too strong, useless feedback, and the end of the game.'
    : "This run has no monitor; the stabiliser 'monitor' watches for collapsed modes, a discriminator that is too strong, useless feedback, and the end of the game.";
  return html`<section aria-labelledby="findings"><h2 id="findings">What was found</h2>
${story.happenings.length === 0 ? html`<p>${nothing}</p>` : story.happenings.map((happening) => happeningText(story, happening, told))}</section>`;
}
