// Spectral normalisation (Miyato 2018): a layer whose kernel is divided by its largest singular value.
import { checkInteger, checkOptions, GanKitError, RandomStream } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { type CallOptions, type LayerArgs, layerOptionNames, singleShape } from './layer-call.ts';
import { divideByNorm, powerIteration, type SingularVectors, spectralNorm } from './power-iteration.ts';

export interface SpectralNormalizationArgs extends LayerArgs {
  /** The layer to normalise: dense, convolution or transposed convolution of tf.layers, an embedding, or one of yours with a `kernel`. */
  readonly layer: tf.layers.Layer;
  /** Power iterations at each update, at least 1; 1 when absent. */
  readonly powerIterations?: number | undefined;
  /** Decides the first singular vectors; 0 when absent. */
  readonly seed?: number | string | undefined;
}

type KernelField = 'kernel' | 'depthwiseKernel' | 'embeddings';
type KernelLayer = tf.layers.Layer & { [Field in KernelField]?: tf.LayerVariable };

const kernelFields: readonly KernelField[] = ['kernel', 'depthwiseKernel', 'embeddings'];

/** The kernel as [everything else, outputs]. Transposed convolutions store [height, width, outputs, inputs]; the others end with outputs. */
function kernelMatrix(kernel: tf.Tensor, layer: tf.layers.Layer): tf.Tensor2D {
  const outputAxis = layer.getClassName().endsWith('Transpose') ? kernel.rank - 2 : kernel.rank - 1;
  const last = kernel.rank - 1;
  if (outputAxis === last) return tf.reshape(kernel, [-1, kernel.shape[last]!]);
  const order = [...kernel.shape.keys()].filter((axis) => axis !== outputAxis);
  return tf.reshape(tf.transpose(kernel, [...order, outputAxis]), [-1, kernel.shape[outputAxis]!]);
}

/**
 * A layer with `kernel / sigma(kernel)` in place of its kernel, where sigma is the largest singular value of the kernel as a matrix
 * [everything else, outputs], estimated by power iteration; its gradient takes the singular vectors as constants, like PyTorch's. A
 * kernel of zeros stays as it is.
 *
 * The vectors are weights (not trainable), saved with the model, and move once in a training step, not once in a call: real and fake
 * batches and penalties of one step see the same kernel. Which call is that one?
 * - A call with `updateState: true` moves them, one with `updateState: false` does not. A run that says so resumes exactly.
 * - When `updateState` is absent, the first training call after the kernel was given another value (by an optimiser, say) moves
 *   them. Then a run resumes exactly if the layer was called in training after its last update, as a generator update does.
 */
export class SpectralNormalization extends tf.layers.Layer {
  static className = 'SpectralNormalization';
  readonly layer: tf.layers.Layer;
  readonly powerIterations: number;
  readonly seed: number | string;
  #kernelField: KernelField | undefined;
  #u: tf.LayerVariable | undefined;
  #v: tf.LayerVariable | undefined;
  /** The buffers of the kernel that the vectors were moved for, and of the vectors themselves. */
  #movedFor: { kernel: object; u: object } | undefined;

  constructor(args: SpectralNormalizationArgs) {
    super(args);
    this.layer = args.layer;
    this.powerIterations = args.powerIterations ?? 1;
    this.seed = args.seed ?? 0;
    checkInteger('powerIterations', this.powerIterations);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = singleShape(inputShape);
    if (!this.layer.built) this.layer.build(shape);
    this.layer.built = true;
    this.#kernelField = kernelFields.find((field) => (this.layer as KernelLayer)[field] !== undefined);
    if (this.#kernelField === undefined) {
      throw new GanKitError(
        'invalid-argument',
        `Spectral normalisation needs a layer with a kernel, which ${this.layer.getClassName()} has not; wrap a dense or convolution layer.`,
        { value: this.layer.getClassName() },
      );
    }
    const random = new RandomStream(this.seed);
    tf.tidy(() => {
      const [inputs, outputs] = kernelMatrix(this.#kernel().read(), this.layer).shape;
      const vector = (name: string, length: number) => {
        const weight = this.addWeight(name, [length], 'float32', tf.initializers.zeros(), undefined, false);
        const draw = random.fork(name).normalTensor([length]);
        weight.write(tf.div(draw, tf.norm(draw)));
        return weight;
      };
      this.#u = vector('u', outputs);
      this.#v = vector('v', inputs);
    });
    this.built = true;
  }

  #kernel(): tf.LayerVariable {
    return (this.layer as KernelLayer)[this.#kernelField!]!;
  }

  #vectors(): SingularVectors {
    return { u: this.#u!.read() as tf.Tensor1D, v: this.#v!.read() as tf.Tensor1D };
  }

  /** Whether this call is the one of its training step that moves the vectors. */
  #isDue({ training, updateState }: CallOptions): boolean {
    if (training !== true || updateState !== undefined) return training === true && updateState === true;
    const kernel = this.#kernel().read().dataId;
    const u = this.#u!.read().dataId;
    if (this.#movedFor === undefined) return true;
    if (this.#movedFor.u !== u) {
      // Someone restored the vectors: they belong to the kernel that was restored with them.
      this.#movedFor = { kernel, u };
      return false;
    }
    return this.#movedFor.kernel !== kernel;
  }

  #moveVectors(): void {
    tf.tidy(() => {
      const matrix = kernelMatrix(this.#kernel().read(), this.layer);
      let vectors = this.#vectors();
      for (let iteration = 0; iteration < this.powerIterations; iteration++) vectors = powerIteration(matrix, vectors);
      this.#u!.write(vectors.u);
      this.#v!.write(vectors.v);
    });
    this.#movedFor = { kernel: this.#kernel().read().dataId, u: this.#u!.read().dataId };
  }

  /** The kernel over its spectral norm, as the inner layer reads it; the caller owns it. */
  normalizedKernel(): tf.Tensor {
    return tf.tidy(() => {
      const kernel = this.#kernel().read();
      return divideByNorm(kernel, spectralNorm(kernelMatrix(kernel, this.layer), this.#vectors()));
    });
  }

  override call(inputs: tf.Tensor | tf.Tensor[], options: CallOptions = {}): tf.Tensor | tf.Tensor[] {
    if (this.#isDue(options)) this.#moveVectors();
    return tf.tidy(() => {
      const variable = this.#kernel();
      const normalized = this.normalizedKernel();
      // The inner layer reads its kernel in its own `call`: for that time it reads the normalised one.
      const holder = this.layer as unknown as Record<KernelField, { read(): tf.Tensor }>;
      holder[this.#kernelField!] = { read: () => normalized };
      try {
        return this.layer.call(inputs, options);
      } finally {
        holder[this.#kernelField!] = variable;
      }
    });
  }

  override get trainableWeights(): tf.LayerVariable[] {
    return this.layer?.trainableWeights ?? [];
  }

  override set trainableWeights(weights: tf.LayerVariable[]) {
    this.layer.trainableWeights = weights;
  }

  override get nonTrainableWeights(): tf.LayerVariable[] {
    return [...(this.layer?.nonTrainableWeights ?? []), ...super.nonTrainableWeights];
  }

  override set nonTrainableWeights(weights: tf.LayerVariable[]) {
    super.nonTrainableWeights = weights;
  }

  override get trainable(): boolean {
    return this.layer?.trainable ?? true;
  }

  override set trainable(trainable: boolean) {
    if (this.layer !== undefined) this.layer.trainable = trainable;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.layer.computeOutputShape(inputShape);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { powerIterations, seed } = this;
    const layer = { className: this.layer.getClassName(), config: this.layer.getConfig() };
    return { ...super.getConfig(), layer, powerIterations, seed };
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    const { className, config: inner } = config['layer'] as { className: string; config: tf.serialization.ConfigDict };
    const known = tf.serialization.SerializationMap.getMap().classNameMap[className];
    if (known === undefined) {
      throw new GanKitError(
        'unknown-name',
        `There is no layer class '${className}'; import the package that defines it.`,
        {
          value: className,
        },
      );
    }
    const [innerClass, fromConfig] = known;
    return new cls({ ...config, layer: fromConfig(innerClass, inner) as unknown as tf.serialization.ConfigDictValue });
  }
}

tf.serialization.registerClass(SpectralNormalization);

/** `layer`, spectrally normalised: `spectralNormalization(tf.layers.conv2d({ ... }))`. See {@link SpectralNormalization}. */
export function spectralNormalization(
  layer: tf.layers.Layer,
  args: Omit<SpectralNormalizationArgs, 'layer'> = {},
): SpectralNormalization {
  if (typeof (layer as Partial<tf.layers.Layer> | undefined)?.getClassName !== 'function') {
    throw new GanKitError(
      'invalid-argument',
      `spectralNormalization needs a layer to normalise, not ${String(layer)}.`,
      {
        value: layer,
      },
    );
  }
  checkOptions('spectralNormalization', args, { ...layerOptionNames, powerIterations: 'optional', seed: 'optional' });
  // The first layer of a model carries the input shape; the wrapper takes its place there.
  const { batchInputShape } = layer;
  return new SpectralNormalization({ ...(batchInputShape == null ? {} : { batchInputShape }), ...args, layer });
}
