import {
  type Condition,
  type Conditioning,
  GanKitError,
  isStateful,
  loadParts,
  type Stateful,
  saveParts,
} from '@gankit/core';

const kinds = ['labels', 'vectors', 'images'] as const;

function join(parts: readonly (Condition | undefined)[]): Condition | undefined {
  const told: Record<string, unknown> = {};
  for (const part of parts) {
    for (const kind of kinds) {
      if (part?.[kind] === undefined) continue;
      if (told[kind] !== undefined) {
        throw new GanKitError(
          'incompatible',
          `Two parts of the conditioning give ${kind}; a sample has room for one, so leave one part out.`,
          { value: kind },
        );
      }
      told[kind] = part[kind];
    }
  }
  return Object.keys(told).length === 0 ? undefined : (told as Condition);
}

/**
 * Several conditionings at once: what each says of a sample, together. For example labels, and codes for what varies within a class.
 * @throws GanKitError `invalid-argument` without parts; `incompatible`, when it is used, if two give the same kind of condition.
 */
export function combinedConditioning(...parts: readonly Conditioning[]): Conditioning & Stateful {
  if (parts.length === 0) throw new GanKitError('invalid-argument', 'combinedConditioning needs at least one part.');
  const stateful = Object.fromEntries(
    parts.flatMap((part, index) => (isStateful(part) ? [[`${index}.${part.name}`, part] as const] : [])),
  );
  return {
    name: parts.map(({ name }) => name).join('+'),
    condition(batch, random) {
      const told = parts.map((part) => part.condition(batch, random));
      const real = join(told.map((part) => part.real));
      const fake = join(told.map((part) => part.fake ?? part.real));
      return { ...(real === undefined ? {} : { real }), ...(fake === undefined ? {} : { fake }) };
    },
    saveState: () => saveParts(stateful),
    loadState: (state) => loadParts(stateful, state),
  };
}
