import {
  type Condition,
  type Conditioning,
  type ConditionKind,
  conditionOf,
  conditionTensors,
  GanKitError,
  isStateful,
  loadParts,
  type Stateful,
  saveParts,
} from '@gankit/core';

/** @throws GanKitError `incompatible` for a kind that is there twice. */
function checkOnce(kinds: readonly ConditionKind[]): void {
  const twice = kinds.find((kind, index) => kinds.indexOf(kind) < index);
  if (twice === undefined) return;
  throw new GanKitError(
    'incompatible',
    `Two parts of the conditioning give ${twice}; a sample has room for one, so leave one part out.`,
    { value: twice },
  );
}

function join(parts: readonly (Condition | undefined)[]): Condition | undefined {
  const told = parts.flatMap((part) => Object.entries(conditionTensors(part)));
  checkOnce(told.map(([kind]) => kind as ConditionKind));
  return conditionOf(Object.fromEntries(told));
}

/** What all parts tell together; unknown when it is unknown of one. */
function givenByAll(parts: readonly Conditioning[]): Conditioning['gives'] {
  const given = parts.flatMap(({ gives }) => gives ?? []);
  if (given.length < parts.length) return undefined;
  const [real, fake] = [given.flatMap((each) => each.real), given.flatMap((each) => each.fake)];
  checkOnce(real);
  checkOnce(fake);
  return { real, fake };
}

/**
 * Several conditionings at once: what each says of a sample, together. For example labels, and codes for what varies within a class.
 * @throws GanKitError `invalid-argument` without parts; `incompatible` if two give the same kind of condition, at once where all say
 *   what they give, otherwise when it is used.
 */
export function combinedConditioning(...parts: readonly Conditioning[]): Conditioning & Stateful {
  if (parts.length === 0) throw new GanKitError('invalid-argument', 'combinedConditioning needs at least one part.');
  const stateful = Object.fromEntries(
    parts.flatMap((part, index) => (isStateful(part) ? [[`${index}.${part.name}`, part] as const] : [])),
  );
  return {
    name: parts.map(({ name }) => name).join('+'),
    gives: givenByAll(parts),
    condition(batch, random, communicator) {
      const told = parts.map((part) => part.condition(batch, random, communicator));
      return { real: join(told.map(({ real }) => real)), fake: join(told.map(({ real, fake = real }) => fake)) };
    },
    saveState: () => saveParts(stateful),
    loadState: (state) => loadParts(stateful, state),
  };
}
