// What every wrapper of a player passes on: variables, state, disposal, verdict, heads.
import {
  type Discriminator,
  type DiscriminatorOutput,
  GanKitError,
  type Generator,
  isStateful,
  type NamedVariable,
  type Network,
  type Stateful,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** The inner player's state beyond its variables, when it has any. */
function innerState(inner: Network): Partial<Stateful> {
  if (!isStateful(inner)) return {};
  return { saveState: () => inner.saveState(), loadState: (state) => inner.loadState(state) };
}

/** @throws GanKitError `incompatible` when the inner player has a variable of the same name already. */
function checkNames(inner: Network, own: readonly NamedVariable[]): void {
  const known = new Set(inner.variables.map(({ name }) => name));
  const twice = own.find(({ name }) => known.has(name));
  if (twice === undefined) return;
  tf.dispose(own.map(({ variable }) => variable));
  throw new GanKitError(
    'incompatible',
    `${inner.name} has a variable '${twice.name}' already; wrap it in the same way only once.`,
    { value: twice.name },
  );
}

/** What a wrapper of a generator does otherwise than the generator in it. */
export interface GeneratorChanges extends Pick<Generator, 'name' | 'latentShape' | 'generate'> {
  /** Variables of the wrapper's own; it disposes them. */
  readonly own?: readonly NamedVariable[];
}

/** A generator around another; `dispose` frees both. */
export function wrapGenerator(inner: Generator, { own = [], ...changes }: GeneratorChanges): Generator {
  checkNames(inner, own);
  return {
    ...innerState(inner),
    ...changes,
    get latentDistribution() {
      return inner.latentDistribution ?? 'normal';
    },
    get outputShape() {
      return inner.outputShape;
    },
    get variables() {
      return [...inner.variables, ...own];
    },
    dispose() {
      inner.dispose();
      tf.dispose(own.map(({ variable }) => variable));
    },
  };
}

/** What a wrapper of a discriminator does otherwise than the discriminator in it. */
export interface DiscriminatorChanges
  extends Pick<Discriminator, 'name' | 'discriminate'>,
    Partial<Pick<Discriminator, 'inputShape' | 'heads'>> {
  /** Variables of the wrapper's own; it disposes them. */
  readonly own?: readonly NamedVariable[];
}

/** A discriminator around another; `dispose` frees both. */
export function wrapDiscriminator(inner: Discriminator, changes: DiscriminatorChanges): Discriminator {
  const { own = [], name, discriminate } = changes;
  checkNames(inner, own);
  return {
    ...innerState(inner),
    name,
    discriminate,
    get inputShape() {
      return changes.inputShape ?? inner.inputShape;
    },
    get verdict() {
      return inner.verdict ?? 'logit';
    },
    get heads() {
      return changes.heads ?? inner.heads;
    },
    get variables() {
      return [...inner.variables, ...own];
    },
    dispose() {
      inner.dispose();
      tf.dispose(own.map(({ variable }) => variable));
    },
  };
}

/**
 * Runs a discriminator's pass within a tidy: what lies in the output stays, whatever was computed on the way is freed.
 */
export function tidyOutput(pass: () => DiscriminatorOutput): DiscriminatorOutput {
  let output: DiscriminatorOutput | undefined;
  tf.tidy(() => {
    output = pass();
    const { logits, features = [], classLogits } = output;
    return [logits, ...features, ...(classLogits === undefined ? [] : [classLogits])];
  });
  return output!;
}
