import type { FindingKind } from '@gankit/core';
import { RandomStream } from '@gankit/core';
import { losses } from '@gankit/losses/registry';
import { namedRecipes, type Recipe, type ResolvedRecipe, readRecipe, resolveRecipe } from '@gankit/recipes';
import { beforeAll, expect, test } from 'vitest';
import { adviceFor, shellWord, trialCommand } from './advice.ts';

const kinds: readonly FindingKind[] = [
  'equilibrium',
  'feedback-useless',
  'discriminator-too-strong',
  'mode-collapse',
  'divergence',
];
const facts = { name: 'ring', kind: 'points', shape: [2], hasModes: true } as const;
let base: ResolvedRecipe;
beforeAll(async () => {
  base = resolveRecipe(await readRecipe({ ...namedRecipes['ring'], data: { name: 'ring' } } as Recipe), facts);
});

test('only losses with a line between real and generated are told to steer by accuracy', () => {
  for (const { name } of losses.entries) {
    const loss = losses.create({ name }, { random: new RandomStream(1) });
    const trials = adviceFor('feedback-useless', { ...base, loss: { name } }, false).trials;
    const steered = trials.some(({ flags }) => flags.includes('--schedule'));
    expect([name, steered]).toEqual([name, loss.decision !== undefined && loss.decision !== 'none']);
  }
});

test('what the recipe has already is not advised again', () => {
  const flags = (recipe: ResolvedRecipe, kind: FindingKind) =>
    adviceFor(kind, recipe, true).trials.flatMap((trial) => trial.flags);
  const plain = { ...base, penalties: [], loss: { name: 'hinge' }, stabilizers: [] };
  expect(flags(plain, 'mode-collapse')).toContain('r1:gamma=0.5');
  expect(flags({ ...plain, penalties: [{ name: 'r1', gamma: 2 }] }, 'discriminator-too-strong')).not.toContain(
    'r1:gamma=0.5',
  );
  expect(flags({ ...plain, negatives: { name: 'replay' } }, 'mode-collapse')).not.toContain('replay');
  expect(flags({ ...plain, stabilizers: [{ name: 'diff-augment' }] }, 'discriminator-too-strong')).not.toContain(
    'diff',
  );
  // A penalty more does not replace those that are there.
  expect(flags({ ...plain, penalties: [{ name: 'lecam', weight: 0.3 }] }, 'divergence')).toContain('lecam:weight=0.3');
  expect(flags({ ...plain, loss: { name: 'wasserstein' } }, 'divergence')).toContain('gradient-penalty:weight=10');
});

test('every finding has a title, a meaning and something to try', () => {
  for (const kind of kinds) {
    const { title, meaning, trials } = adviceFor(kind, base, false);
    expect(title.length).toBeGreaterThan(10);
    expect(meaning).toMatch(/\.$/);
    expect(trials.length).toBeGreaterThanOrEqual(2);
  }
});

test('commands survive a shell', () => {
  expect(trialCommand({ why: '', flags: ['--clip-gradients', '1'] }, 'runs/a b', 40)).toBe(
    "gankit train --resume 'runs/a b' --clip-gradients 1 --steps 40",
  );
  expect(shellWord("it's; rm -rf /")).toBe("'it'\\''s; rm -rf /'");
});
