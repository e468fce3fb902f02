import { checkOptions, GanKitError, type Generator, type RandomStream } from '@gankit/core';
import type { GeneratorSpecification } from '../generator-specification.ts';
import { generators } from './generators.ts';

/**
 * Builds the generator of a specification that is told nothing: what the readers of generator files build by default.
 * @throws GanKitError `unknown-name` for a generator that does not exist, `incompatible` for one that is told something, which
 *   `@gankit/conditional/registry` builds; and whatever the architecture refuses.
 */
export function buildGenerator(specification: GeneratorSpecification, random: RandomStream): Generator & Disposable {
  checkOptions('buildGenerator', specification, {
    generator: 'required',
    sampleShape: 'required',
    conditioning: 'optional',
    classes: 'optional',
    pairedShape: 'optional',
  });
  const { generator, sampleShape, conditioning = [], pairedShape } = specification;
  if (conditioning.length > 0 || pairedShape !== undefined) {
    throw new GanKitError(
      'incompatible',
      `This generator is told something (${conditioning.map(({ name }) => name).join(', ')}); build it with buildConditionalGenerator of @gankit/conditional/registry.`,
      { value: conditioning.map(({ name }) => name) },
    );
  }
  return generators.create(generator as Parameters<typeof generators.create>[0], { shape: sampleShape, random });
}
