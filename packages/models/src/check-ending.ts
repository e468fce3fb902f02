// What a discriminator of layers ends in: its losses read logits, and take a sigmoid of their own where they need one.
import { GanKitError } from '@gankit/core';
import type * as tf from '@tensorflow/tfjs';

/** Layers that only move or pass on what they are given. */
const passing = new Set(['Flatten', 'Reshape', 'Permute', 'Masking', 'Cropping2D', 'SpectralNormalization']);
/** Activations that turn logits into probabilities. */
const squashing = new Set(['sigmoid', 'hardSigmoid', 'softmax']);

type Ending = tf.layers.Layer & {
  readonly activation?: { getClassName(): string };
  /** The layer that a wrapper holds. */
  readonly layer?: Ending;
  /** The outputs of a nested model. */
  readonly outputs?: readonly tf.SymbolicTensor[];
};

/** The layer whose activation an output has been through last, and that activation; nothing when it has none that squashes. */
function squashedBy(output: tf.SymbolicTensor): { readonly layer: string; readonly activation: string } | undefined {
  let layer = output.sourceLayer as Ending;
  for (;;) {
    const [nested] = layer.outputs ?? [];
    if (nested !== undefined) return squashedBy(nested);
    const kind = layer.getClassName();
    const inner = layer.layer;
    const activation = kind === 'Softmax' ? 'softmax' : (inner?.activation ?? layer.activation)?.getClassName();
    if (activation !== undefined && squashing.has(activation)) return { layer: layer.name, activation };
    const [before] = layer.inboundNodes.length === 1 ? layer.inboundNodes[0]!.inputTensors : [];
    if (!passing.has(kind) || before === undefined || inner !== undefined) return undefined;
    layer = before.sourceLayer as Ending;
  }
}

/**
 * Checks that a discriminator ends in logits.
 * @throws GanKitError `incompatible` that names the layer, for an output that has been through a sigmoid or a softmax.
 */
export function checkEnding(model: tf.LayersModel): void {
  const squashed = squashedBy(model.outputs[0]!);
  if (squashed === undefined) return;
  const { layer, activation } = squashed;
  throw new GanKitError(
    'incompatible',
    `The layer '${layer}' ends the model '${model.name}' with the activation '${activation}', and losses read logits: they would take a sigmoid of a probability; make it without an activation. (A discriminator that must be bounded is made with discriminatorFromFunction.)`,
    { value: activation },
  );
}
