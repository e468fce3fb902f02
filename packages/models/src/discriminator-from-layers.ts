import {
  checkBatch,
  checkChoice,
  checkOptions,
  type Discriminator,
  type DiscriminatorOutput,
  type ForwardOptions,
  formatShape,
  GanKitError,
  type Verdict,
} from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { callOptions } from './call-options.ts';
import { checkEnding } from './check-ending.ts';
import { verdicts } from './choices.ts';
import { type FromLayersOptions, fixedShape, fromLayersNames, layersNetwork } from './layers-network.ts';
import { withChanges } from './with-changes.ts';

export interface DiscriminatorFromLayersOptions extends FromLayersOptions {
  /** Names of the layers whose outputs become `features`, first layer first; none by default. */
  readonly features?: readonly string[] | undefined;
  /**
   * Names of the layers whose outputs are further heads, by head: `{ class: 'class-logits' }`. A model with such a branch has its
   * output as well, after the logits. None by default.
   */
  readonly heads?: Readonly<Record<string, string>> | undefined;
  /**
   * What the output means: one `logit` for each sample or patch (the default), or `two-class`: [batch, 2], unit 0 for real. A model that
   * reconstructs its input goes to `autoencodingDiscriminator`.
   */
  readonly verdict?: Verdict | undefined;
}

/** The output of a layer. */
function outputOf(model: tf.LayersModel, layerName: string): tf.SymbolicTensor {
  const layer = model.layers.find((candidate) => candidate.name === layerName);
  if (layer === undefined) {
    const known = model.layers.map((candidate) => candidate.name).join(', ');
    throw new GanKitError('incompatible', `The model '${model.name}' has no layer '${layerName}'; it has: ${known}.`);
  }
  if (layer.inboundNodes.length === 1) return layer.output as tf.SymbolicTensor;
  throw new GanKitError(
    'incompatible',
    `The layer '${layerName}' of the model '${model.name}' is used in ${layer.inboundNodes.length} places, so it has no one output; name a layer that is used once.`,
    { value: layerName },
  );
}

/**
 * A model as a function that gives its first output and then those of the named layers.
 * @throws GanKitError `incompatible` when the model lacks one of the layers.
 */
export function tapLayers(
  model: tf.LayersModel,
  names: readonly string[],
): (input: tf.Tensor, options: ForwardOptions) => readonly tf.Tensor[] {
  const taps = names.map((name) => outputOf(model, name));
  const tapped = taps.length === 0 ? model : tf.model({ inputs: model.inputs, outputs: [model.outputs[0]!, ...taps] });
  return (input, options) => {
    const outputs = tapped.apply(input, callOptions(options)) as tf.Tensor | tf.Tensor[];
    return Array.isArray(outputs) ? outputs : [outputs];
  };
}

/** @throws GanKitError `incompatible` for an output that is not what the verdict says, or that nothing is made of. */
function checkOutputs(model: tf.LayersModel, verdict: Verdict, heads: readonly string[]): void {
  checkChoice('verdict', verdict, verdicts);
  if (verdict === 'energy') {
    throw new GanKitError(
      'incompatible',
      `The model '${model.name}' cannot be taken as an energy; make an autoencodingDiscriminator of a model that reconstructs its input, or use discriminatorFromFunction.`,
      { value: verdict },
    );
  }
  const [logits, ...others] = model.outputs;
  const shape = fixedShape(model, 'output', logits === undefined ? [] : [logits]);
  if (verdict === 'two-class' && formatShape(shape) !== '[2]') {
    throw new GanKitError(
      'incompatible',
      `The model '${model.name}' gives [${['batch', ...shape].join(', ')}] where a two-class verdict is [batch, 2]; end it with 2 units.`,
      { value: shape },
    );
  }
  checkEnding(model);
  const used = heads.map((layer) => outputOf(model, layer));
  const unused = others.filter((output) => !used.includes(output)).length;
  if (unused === 0) return;
  throw new GanKitError(
    'incompatible',
    `The model '${model.name}' has ${unused} more outputs than its logits and the heads that are named; name the others in \`heads\` or make it without them.`,
  );
}

/**
 * Makes a discriminator of a tf.layers model with one input (the samples) and one output (the logits: no sigmoid at the end).
 *
 * Every layer's `call` is given `ForwardOptions` as its second argument, the states of layers that implement `Stateful` are saved, and
 * layers say what they must be told, as in {@link generatorFromLayers}. Name as the last of `features` the activation that the last
 * layer reads, as [batch, channels] (flattened or pooled): heads for classes are built on it.
 *
 * The discriminator owns the model from now on: its `dispose` frees the model's weights.
 * @throws GanKitError `incompatible` as {@link generatorFromLayers}, and for an output that does not fit the verdict or has been through a
 *   sigmoid or a softmax, an output that is neither the logits nor a head, or a layer that `features` or `heads` name and the model lacks.
 */
export function discriminatorFromLayers(
  model: tf.LayersModel,
  options: DiscriminatorFromLayersOptions = {},
): Discriminator & Disposable {
  checkOptions('discriminatorFromLayers', options, {
    ...fromLayersNames,
    features: 'optional',
    heads: 'optional',
    verdict: 'optional',
  });
  const { features = [], heads = {}, verdict = 'logit' } = options;
  const inputShape = fixedShape(model, 'input', model.inputs);
  const headLayers = Object.values(heads);
  checkOutputs(model, verdict, headLayers);
  const evaluate = tapLayers(model, [...features, ...headLayers]);
  const { network, checkAlive } = layersNetwork('discriminator', model, options);
  return withChanges(network, {
    inputShape,
    verdict,
    heads: [...(features.length === 0 ? [] : ['features']), ...Object.keys(heads)],
    discriminate(samples: tf.Tensor, forward: ForwardOptions): DiscriminatorOutput {
      checkAlive();
      checkBatch(`The input of ${network.name}`, samples, inputShape);
      const [logits, ...tapped] = evaluate(samples, forward);
      const ofHeads = tapped.slice(features.length);
      return {
        logits: logits!,
        features: features.length === 0 ? undefined : tapped.slice(0, features.length),
        heads:
          ofHeads.length === 0
            ? undefined
            : Object.fromEntries(Object.keys(heads).map((head, index) => [head, ofHeads[index]!])),
      };
    },
  });
}
