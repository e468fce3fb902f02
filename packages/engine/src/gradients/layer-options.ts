/**
 * Options of tf.layers that its layers take and do not heed, on every backend: the dilation of a depthwise convolution is dropped, the
 * bias of a separable convolution with channels first is added along the wrong axis, and every negative axis of a concatenation is the
 * last one. They are heeded here. A transposed convolution with a dilation, which no kernel computes, is refused.
 */
import { GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';

type Shape = (number | null)[];
type Data = tf.Tensor | tf.Tensor[];

/** What these repairs know of the layers, which declare none of it. */
interface PatchedLayer {
  name: string;
  axis: number;
  bias?: tf.LayerVariable | null;
  depthwiseKernel: tf.LayerVariable;
  kernelSize: number[];
  strides: [number, number];
  dilationRate: number | number[];
  padding: string;
  dataFormat: string;
  activation?: { apply(x: tf.Tensor): tf.Tensor } | null;
  build(inputShape: Shape | Shape[]): void;
  call(inputs: Data, options: object): Data;
  computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[];
  mergeFunction(inputs: tf.Tensor[]): tf.Tensor;
}

const marker = Symbol.for('gankit.layer-options');

function first<T>(inputs: T | T[]): T {
  return Array.isArray(inputs) ? inputs[0]! : inputs;
}

function dilationsOf({ dilationRate }: PatchedLayer): number[] {
  return typeof dilationRate === 'number' ? [dilationRate, dilationRate] : dilationRate;
}

const isDilated = (layer: PatchedLayer) => dilationsOf(layer).some((rate) => rate !== 1);

/** Runs a layer on channels last, whatever its `dataFormat` is. */
function withChannelsLast(layer: PatchedLayer, inputs: Data, run: (x: tf.Tensor4D) => tf.Tensor): tf.Tensor {
  const x = first(inputs) as tf.Tensor4D;
  if (layer.dataFormat !== 'channelsFirst') return run(x);
  const { dataFormat } = layer;
  layer.dataFormat = 'channelsLast';
  try {
    return tf.tidy(() => tf.transpose(run(tf.transpose(x, [0, 2, 3, 1])), [0, 3, 1, 2]));
  } finally {
    layer.dataFormat = dataFormat;
  }
}

/** Sizes after a dilated convolution with stride 1. */
function dilatedSize(size: number | null, kernel: number, rate: number, padding: string): number | null {
  return size === null || padding === 'same' ? size : size - (kernel - 1) * rate;
}

function heedDepthwiseDilation(prototype: PatchedLayer): void {
  const { call, computeOutputShape } = prototype;
  prototype.call = function (inputs, options) {
    if (!isDilated(this)) return call.call(this, inputs, options);
    return withChannelsLast(this, inputs, (x) =>
      tf.tidy(() => {
        const kernel = this.depthwiseKernel.read() as tf.Tensor4D;
        const rates = dilationsOf(this) as [number, number];
        const pad = this.padding as 'same' | 'valid';
        let y: tf.Tensor = tf.depthwiseConv2d(x, kernel, this.strides, pad, 'NHWC', rates);
        if (this.bias) y = tf.add(y, this.bias.read());
        return this.activation ? this.activation.apply(y) : y;
      }),
    );
  };
  prototype.computeOutputShape = function (inputShape) {
    const shape = computeOutputShape.call(this, inputShape) as Shape;
    if (!isDilated(this)) return shape;
    const given = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const rows = this.dataFormat === 'channelsFirst' ? 2 : 1;
    return shape.map((size, axis) => {
      const i = axis - rows;
      if (i !== 0 && i !== 1) return size;
      return dilatedSize(given[axis] ?? null, this.kernelSize[i]!, dilationsOf(this)[i]!, this.padding);
    });
  };
}

function heedSeparableBias(prototype: PatchedLayer): void {
  const { call } = prototype;
  prototype.call = function (inputs, options) {
    return withChannelsLast(this, inputs, (x) => call.call(this, x, options) as tf.Tensor);
  };
}

function heedConcatenationAxis(prototype: PatchedLayer): void {
  prototype.mergeFunction = function (inputs) {
    return tf.concat(inputs, this.axis < 0 ? this.axis + inputs[0]!.rank : this.axis);
  };
}

function refuseTransposedDilation(prototype: PatchedLayer): void {
  const { build } = prototype;
  prototype.build = function (inputShape) {
    if (isDilated(this)) {
      throw new GanKitError(
        'invalid-argument',
        `The transposed convolution '${this.name}' has the dilation rate ${dilationsOf(this).join(', ')}, which TensorFlow.js does not compute; leave out dilationRate, or use upSampling2d and a dilated conv2d.`,
        { value: this.dilationRate },
      );
    }
    build.call(this, inputShape);
  };
}

const repairs: Readonly<Record<string, (prototype: PatchedLayer) => void>> = {
  DepthwiseConv2D: heedDepthwiseDilation,
  SeparableConv2D: heedSeparableBias,
  Concatenate: heedConcatenationAxis,
  Conv2DTranspose: refuseTransposedDilation,
  Conv3DTranspose: refuseTransposedDilation,
};

/** Makes the layers heed, or refuse, the options that they drop; once for every copy of their classes. */
export function repairLayerOptions(): void {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  for (const [name, repair] of Object.entries(repairs)) {
    const prototype = classNameMap[name]?.[0].prototype as unknown as PatchedLayer | undefined;
    if (prototype === undefined || Object.hasOwn(prototype, marker)) continue;
    Object.defineProperty(prototype, marker, { value: true });
    repair(prototype);
  }
}
