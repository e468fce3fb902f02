// What a generator must be told about each sample when nobody asks for anything: classes in turn, codes as the game draws them.
import { labelTensor } from '@gankit/conditional';
import { toldPlayers } from '@gankit/conditional/registry';
import { type Condition, conditionTensors, GanKitError, type Generator, type RandomStream } from '@gankit/core';
import type { GeneratorSpecification } from '@gankit/models';
import * as tf from '@tensorflow/tfjs';
import { classesInTurn } from './sample-picture.ts';

/**
 * A function that tells samples `from` to `from + count`. Its tensors belong to whoever calls it.
 * @param random Codes are drawn from it.
 * @throws GanKitError `incompatible` for a generator that turns one image into another.
 */
export function toldSamples(
  generator: Generator,
  specification: GeneratorSpecification,
  random: RandomStream,
): (from: number, count: number) => Condition {
  if (generator.needs?.includes('images')) {
    throw new GanKitError(
      'incompatible',
      `The generator ${generator.name} turns one image into another, and there is none to give it.`,
    );
  }
  const { classes } = specification;
  return (from, count) => {
    const told: Record<string, tf.Tensor> = {};
    if (generator.needs?.includes('class') && classes !== undefined) {
      told['labels'] = labelTensor(classesInTurn(count, classes, from), classes);
    }
    if (generator.needs?.includes('vectors')) {
      const data = tf.zeros([count, 1]);
      for (const { conditioning } of toldPlayers(specification)) {
        if (conditioning.name !== 'codes') continue;
        Object.assign(told, conditionTensors(conditioning.condition({ data }, random).fake));
      }
      data.dispose();
    }
    return told;
  };
}
