// Weight initialisation from a seeded stream. Layers are built with zeros and filled here, because the initialisers of
// tf.layers draw from an unseeded source or repeat themselves.
import { checkSameShape, GanKitError, type NamedVariable, type RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

/** Draws a starting value for one weight; `undefined` leaves it as the layer made it. */
export type Initialization = (name: string, shape: readonly number[], random: RandomStream) => tf.Tensor | undefined;

/** Inputs and outputs of one unit of a kernel: dense [in, out] or convolution [height, width, in, out]. */
function fans(name: string, shape: readonly number[]): { fanIn: number; fanOut: number } {
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const [first, second] = [shape.at(-2)!, shape.at(-1)!];
  // A transposed convolution's kernel is stored [height, width, out, in].
  const [inputs, outputs] = name.includes('Transpose') ? [second, first] : [first, second];
  return { fanIn: field * inputs, fanOut: field * outputs };
}

/** Kernels from N(0, 0.02), batch-norm scales from N(1, 0.02) (Radford 2016, section 3). */
export const dcganInitialization: Initialization = (name, shape, random) => {
  if (name.endsWith('kernel')) return random.normalTensor([...shape], 0, 0.02);
  return name.endsWith('gamma') ? random.normalTensor([...shape], 1, 0.02) : undefined;
};

/** Kernels from N(0, gain^2 / fan in): with the gain of the activation before (sqrt(2) for ReLU), variance stays. */
export function variancePreserving(gain: number): Initialization {
  return (name, shape, random) =>
    name.endsWith('kernel') ? random.normalTensor([...shape], 0, gain / Math.sqrt(fans(name, shape).fanIn)) : undefined;
}

/** Kernels from N(0, 2 / fan in) (He 2015): keeps the variance of activations through ReLU layers. */
export const heInitialization: Initialization = (name, shape, random) =>
  name.endsWith('kernel') ? random.normalTensor([...shape], 0, Math.sqrt(2 / fans(name, shape).fanIn)) : undefined;

/** Kernels uniform in +-gain sqrt(6 / (fan in + fan out)) (Glorot 2010, equation 16). */
export function glorotUniform(gain: number): Initialization {
  return (name, shape, random) => {
    if (!name.endsWith('kernel')) return undefined;
    const { fanIn, fanOut } = fans(name, shape);
    const limit = gain * Math.sqrt(6 / (fanIn + fanOut));
    return random.uniformTensor([...shape], -limit, limit);
  };
}

/** Kernels uniform in +-sqrt(6 / (fan in + fan out)) (Glorot 2010, equation 16). */
export const glorotInitialization: Initialization = glorotUniform(1);

/** As many names as a sentence can bear. */
const mostNames = 8;

/**
 * Fills variables; each draws from a fork of `random` under its own name, so that adding a layer does not change the others, and
 * `random` is not moved. Fork the stream under the name of the network first: two networks that share one start alike where names
 * agree.
 * @throws GanKitError `incompatible` when not one of the variables was filled, and for a value of another shape than its variable.
 */
export function initialize(
  variables: readonly NamedVariable[],
  initialization: Initialization,
  random: RandomStream,
): void {
  let filled = 0;
  for (const { name, variable } of variables) {
    tf.tidy(() => {
      const value = initialization(name, variable.shape, random.fork(name));
      if (value === undefined) return;
      checkSameShape(`The starting value of '${name}'`, value.shape, 'the variable', variable.shape);
      variable.assign(value);
      filled++;
    });
  }
  if (filled > 0) return;
  const names = variables.map(({ name }) => `'${name}'`);
  const list = [...names.slice(0, mostNames), ...(names.length > mostNames ? ['...'] : [])].join(', ');
  throw new GanKitError(
    'incompatible',
    `The initialisation filled none of the variables (${list === '' ? 'there are none' : list}); those of this package fill what ends with 'kernel', so name a variable so or write an initialisation that knows its name.`,
    { value: variables.map(({ name }) => name) },
  );
}
