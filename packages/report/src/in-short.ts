// A run in a few sentences: what somebody would say who looked at its curves for a minute.
import type { Curve } from './curves.ts';
import { currentRecipe, type RunStory } from './run-story.ts';

/** The share of a run that counts as its end. */
const endShare = 0.1;

/** The mean of a curve over the last tenth of the steps. */
export function meanAtEnd({ points }: Curve, steps: number): number {
  const late = points.filter(({ step }) => step > steps * (1 - endShare));
  const used = late.length === 0 ? points.slice(-1) : late;
  return used.reduce((sum, { mean }) => sum + mean, 0) / used.length;
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const count = (value: number) => value.toLocaleString('en');
const short = (value: number) => String(Number(value.toPrecision(3)));

function stateSentence({ state, step, recipes, path }: RunStory): string {
  const { steps } = recipes.at(-1)!.recipe.stopping;
  if (state === 'running') return `It is being trained: ${count(step)} of ${count(steps)} steps are made.`;
  if (state === 'complete') return `It made all of its ${count(steps)} steps.`;
  return `It ended after ${count(step)} of ${count(steps)} steps. It goes on with: gankit train --resume ${path}`;
}

/** What the discriminator's accuracy at the end says. */
function accuracySentence(accuracy: number, isRunning: boolean): string {
  const right = `${isRunning ? 'Lately' : 'In the end'} the discriminator was right about ${percent(accuracy)} of the samples`;
  if (accuracy > 0.97) return `${right}: it sees through nearly everything that the generator makes.`;
  if (accuracy >= 0.6) return `${right}: both players have something to learn from each other.`;
  if (accuracy >= 0.45) return `${right}: it guesses, for it sees no difference, or has lost the game.`;
  return `${right}, less than by guessing: the generator leads it astray.`;
}

/** A run in a few sentences. */
export function inShort(story: RunStory): string[] {
  const { curves, measurements, happenings, step } = story;
  const sentences = [stateSentence(story)];
  const accuracy = curves.find(({ name }) => name === 'accuracy');
  if (accuracy !== undefined) sentences.push(accuracySentence(meanAtEnd(accuracy, step), story.state === 'running'));
  const [first, last] = [measurements[0], measurements.at(-1)];
  for (const [name, value] of Object.entries(last?.values ?? {})) {
    const before = first !== last ? first?.values[name] : undefined;
    sentences.push(
      `${name} was ${short(value)} at step ${count(last!.step)}${before === undefined ? '' : `, ${short(before)} at step ${count(first!.step)}`}.`,
    );
  }
  const watched = currentRecipe(story).stabilizers.some(({ name }) => name === 'monitor');
  const findings = happenings.filter(({ type }) => type === 'finding').length;
  const rollbacks = happenings.filter(({ type }) => type === 'rollback').length;
  if (findings > 0) {
    sentences.push(
      `The monitor found something ${findings === 1 ? 'once' : `${findings} times`}; see below what to try.`,
    );
  } else if (watched && step > 0) sentences.push('The monitor found nothing to report.');
  if (rollbacks > 0) {
    sentences.push(`It diverged and went back to a checkpoint ${rollbacks === 1 ? 'once' : `${rollbacks} times`}.`);
  }
  return sentences;
}
