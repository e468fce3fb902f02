// What every wrapper of a player passes on: variables, state, disposal, verdict, heads, what it must be told.
import * as tf from '@tensorflow/tfjs';
import type { ConditionNeed } from './condition.ts';
import { type Discriminator, type DiscriminatorOutput, outputTensors } from './discriminator.ts';
import { disposable } from './disposable.ts';
import { GanKitError } from './error.ts';
import type { Generator } from './generator.ts';
import type { NamedVariable, Network } from './network.ts';
import { isStateful, type Stateful } from './state.ts';

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

/** What is known of the needs of both. Of a player that says nothing about its own, the first step finds out. */
function joinedNeeds(
  inner: Network,
  needs: readonly ConditionNeed[] | undefined,
): readonly ConditionNeed[] | undefined {
  if (needs === undefined) return inner.needs;
  return inner.needs === undefined ? needs : [...new Set([...inner.needs, ...needs])];
}

/** What a wrapper of a generator does otherwise than the generator in it. */
export interface GeneratorChanges
  extends Pick<Generator, 'name' | 'generate'>,
    Partial<Pick<Generator, 'latentShape' | 'outputShape'>> {
  /** What it must be told besides what the inner generator must be; nothing when absent. */
  readonly needs?: readonly ConditionNeed[] | undefined;
  /** Variables of the wrapper's own; it disposes them. */
  readonly own?: readonly NamedVariable[] | undefined;
}

/** A generator around another; `dispose` frees both. */
export function wrapGenerator(inner: Generator, changes: GeneratorChanges): Generator & Partial<Stateful> & Disposable {
  const { own = [], name, generate } = changes;
  checkNames(inner, own);
  return {
    ...innerState(inner),
    name,
    generate,
    get latentShape() {
      return changes.latentShape ?? inner.latentShape;
    },
    get latentDistribution() {
      return inner.latentDistribution ?? 'normal';
    },
    get outputShape() {
      return changes.outputShape ?? inner.outputShape;
    },
    get needs() {
      return joinedNeeds(inner, changes.needs);
    },
    get variables() {
      return [...inner.variables, ...own];
    },
    ...disposable(() => {
      inner.dispose();
      tf.dispose(own.map(({ variable }) => variable));
    }),
  };
}

/** What a wrapper of a discriminator does otherwise than the discriminator in it. */
export interface DiscriminatorChanges
  extends Pick<Discriminator, 'name' | 'discriminate'>,
    Partial<Pick<Discriminator, 'inputShape' | 'heads'>> {
  /** What it must be told besides what the inner discriminator must be; nothing when absent. */
  readonly needs?: readonly ConditionNeed[] | undefined;
  /** Variables of the wrapper's own; it disposes them. */
  readonly own?: readonly NamedVariable[] | undefined;
}

/** A discriminator around another; `dispose` frees both. */
export function wrapDiscriminator(
  inner: Discriminator,
  changes: DiscriminatorChanges,
): Discriminator & Partial<Stateful> & Disposable {
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
    get needs() {
      return joinedNeeds(inner, changes.needs);
    },
    get variables() {
      return [...inner.variables, ...own];
    },
    ...disposable(() => {
      inner.dispose();
      tf.dispose(own.map(({ variable }) => variable));
    }),
  };
}

/**
 * Runs a discriminator's pass within a tidy: what lies in the output stays, whatever was computed on the way is freed.
 */
export function tidyOutput(pass: () => DiscriminatorOutput): DiscriminatorOutput {
  let output: DiscriminatorOutput | undefined;
  tf.tidy(() => {
    output = pass();
    return outputTensors(output);
  });
  return output!;
}
