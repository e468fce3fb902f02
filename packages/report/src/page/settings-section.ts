// What the run was made of: data, parts, what it ran on, and how to repeat it.
import type { NamedPart } from '@gankit/core/registry';
import { shellWord } from '../advice.ts';
import { currentRecipe, type RunStory } from '../run-story.ts';
import { html, type Markup } from './markup.ts';

/** A value as one would say it: `0.0002`, `mnist`, `4, 4, 512`. */
function said(value: unknown): string {
  if (Array.isArray(value)) return value.map(said).join(', ');
  if (typeof value === 'object' && value !== null) {
    const { name, ...options } = value as Readonly<Record<string, unknown>>;
    const pairs = Object.entries(options).map(([key, inner]) => `${key} ${said(inner)}`);
    return [name === undefined ? '' : String(name), pairs.length === 0 ? '' : `(${pairs.join(', ')})`].join(' ').trim();
  }
  return String(value);
}

const partText = (part: NamedPart) => said(part);
const partsText = (parts: readonly NamedPart[]) => (parts.length === 0 ? 'none' : parts.map(partText).join('; '));

function table(rows: readonly (readonly [name: string, value: string])[]): Markup {
  return html`<div class="wide"><table><tbody>${rows.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table></div>`;
}

export function settingsSection(story: RunStory): Markup {
  const recipe = currentRecipe(story);
  const { sampleShape, classNames, environment, path, recipes } = story;
  const parts: readonly (readonly [string, string])[] = [
    ['Data', partText(recipe.data)],
    ...(sampleShape === undefined ? [] : [['A sample', sampleShape.join(' x ')] as const]),
    ...(classNames === undefined ? [] : [['Classes', classNames.join(', ')] as const]),
    ['Samples in a batch', String(recipe.batchSize)],
    ['Generator', partText(recipe.generator)],
    ['Discriminator', partText(recipe.discriminator)],
    ['Told to the players', partsText(recipe.conditioning)],
    ['Loss', partText(recipe.loss)],
    ['Penalties', partsText(recipe.penalties)],
    ['Constraints', partsText(recipe.constraints)],
    ['Optimiser of the generator', partText(recipe.optimizers.generator)],
    ['Optimiser of the discriminator', partText(recipe.optimizers.discriminator)],
    ['Schedule', partText(recipe.schedule)],
    ['Negatives', partText(recipe.negatives)],
    ['Stabilisers', partsText(recipe.stabilizers)],
    ['Metrics', partsText(recipe.metrics)],
    ['Seed', String(recipe.seed)],
  ];
  const surroundings = Object.entries(environment).map(([name, value]) => [name, said(value)] as const);
  const folder = shellWord(path);
  const commands = [
    `gankit train --recipe ${shellWord(`${path}/recipe.json`)}   # the same run again`,
    `gankit train --resume ${folder} --steps ${2 * recipe.stopping.steps}   # twice as long`,
    `gankit sample ${folder} --count 64   # more samples`,
    `gankit explain ${folder}   # what one number tells each pixel`,
  ];
  const earlier =
    recipes.length < 2
      ? undefined
      : html`<p>The recipe was changed on the way, after step ${recipes
          .slice(1)
          .map(({ after }) => after.toLocaleString('en'))
          .join(', ')}; this is how it ended.</p>`;
  return html`<section aria-labelledby="recipe"><h2 id="recipe">Data and recipe</h2>
${recipe.title === undefined ? undefined : html`<p><strong>${recipe.title}</strong>. ${recipe.description ?? ''} ${recipe.source ?? ''}</p>`}${earlier}
${table(parts)}
<details><summary>As a recipe file</summary><pre tabindex="0" role="group" aria-label="recipe"><code>${JSON.stringify(recipe, undefined, 2)}</code></pre></details>
<h2>What it ran on</h2>
${table(surroundings)}
<h2>Go on from here</h2>
<pre tabindex="0" role="group" aria-label="commands"><code>${commands.join('\n')}</code></pre></section>`;
}
