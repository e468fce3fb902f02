// Which of a trainer's parts have state that a checkpoint must hold, and under which names.
import { isStateful, networkState, type Stateful, type StatefulParts } from '@gankit/core';
import type { ResolvedOptions } from './trainer-options.ts';

/** The stateful parts of a trainer by name; a slash in a part's own name becomes a dash. */
export function statefulParts(options: ResolvedOptions): StatefulParts {
  const parts: Record<string, Stateful> = {
    generator: networkState(options.generator),
    discriminator: networkState(options.discriminator),
    'generator-optimizer': options.generatorOptimizer,
    'discriminator-optimizer': options.discriminatorOptimizer,
  };
  const add = (name: string, part: unknown) => {
    if (isStateful(part)) parts[name.replaceAll('/', '-')] = part;
  };
  add('loss', options.loss);
  for (const penalty of options.penalties ?? []) add(`penalty.${penalty.player}.${penalty.name}`, penalty);
  for (const constraint of options.constraints ?? [])
    add(`constraint.${constraint.player}.${constraint.name}`, constraint);
  add('negatives', options.negatives);
  add('schedule', options.schedule);
  add('conditioning', options.conditioning);
  add('average', options.average);
  for (const observer of options.observers) add(`observer.${observer.name}`, observer);
  return parts;
}

/** The parts that own something on the backend. */
export function ownedParts(options: ResolvedOptions): readonly unknown[] {
  const { average, generator, discriminator, generatorOptimizer, discriminatorOptimizer } = options;
  const { loss, negatives, conditioning, penalties = [], constraints = [] } = options;
  return [
    average,
    generator,
    discriminator,
    generatorOptimizer,
    discriminatorOptimizer,
    ...[loss, negatives, conditioning, ...penalties, ...constraints],
  ];
}
