// Padding, resizing and pixel shuffles.
import type { Converter } from './conversion.ts';
import { type Layout, toChannelsFirst, type Value } from './graph.ts';

/** The layout in which a value is there already. */
function readyLayout({ shape, names }: Value): Layout {
  return shape.length === 4 && names.channelsLast === undefined ? 'channelsFirst' : 'channelsLast';
}

/** ONNX pads: every axis's start, then every axis's end. */
function padAmounts(paddings: readonly (readonly number[])[], layout: Layout): number[] {
  const ordered = layout === 'channelsFirst' ? toChannelsFirst.map((axis) => paddings[axis]!) : paddings;
  return [...ordered.map(([start]) => start!), ...ordered.map(([, end]) => end!)];
}

const pad: Converter = (kernel) => {
  const { graph } = kernel;
  const x = kernel.input('x');
  const layout = readyLayout(x);
  const amounts = graph.integers(padAmounts(kernel.attribute('paddings'), layout));
  const value = graph.scalar(kernel.attribute<number>('constantValue'), x.type);
  return { name: graph.node('Pad', [graph.name(x, layout), amounts, value]), layout };
};

/** ONNX reflects without the edge; with the edge (`symmetric`) it is written as reversed slices. */
const mirrorPad: Converter = (kernel) => {
  const { graph } = kernel;
  const x = kernel.input('x');
  const paddings = kernel.attribute<readonly (readonly [number, number])[]>('paddings');
  if (kernel.attribute<string>('mode') === 'reflect') {
    const layout = readyLayout(x);
    const amounts = graph.integers(padAmounts(paddings, layout));
    return { name: graph.node('Pad', [graph.name(x, layout), amounts], { mode: 'reflect' }), layout };
  }
  const mirrored = (name: string, axis: number, start: number, end: number) =>
    graph.node('Slice', [
      name,
      graph.integers([start]),
      graph.integers([end]),
      graph.integers([axis]),
      graph.integers([-1]),
    ]);
  return paddings.reduce((name, [before, after], axis) => {
    const parts = [
      ...(before > 0 ? [mirrored(name, axis, before - 1, -(2 ** 31))] : []),
      name,
      ...(after > 0 ? [mirrored(name, axis, -1, -after - 1)] : []),
    ];
    return parts.length === 1 ? name : graph.node('Concat', parts, { axis });
  }, graph.name(x));
};

/** TensorFlow.js's three conventions of where an output pixel lies in the input. */
function resize(mode: 'nearest' | 'linear'): Converter {
  return (kernel) => {
    const { graph } = kernel;
    const [alignCorners, halfPixelCenters] = [
      kernel.attribute<boolean>('alignCorners'),
      kernel.attribute<boolean>('halfPixelCenters'),
    ];
    const coordinates = alignCorners ? 'align_corners' : halfPixelCenters ? 'half_pixel' : 'asymmetric';
    const x = graph.name(kernel.input('images'), 'channelsFirst');
    const { shape } = kernel.output();
    const sizes = graph.shape(toChannelsFirst.map((axis) => shape[axis]!));
    const name = graph.node('Resize', [x, '', '', sizes], {
      mode,
      coordinate_transformation_mode: coordinates,
      // floor((i + 0.5) scale), as TensorFlow.js has it, is the centre's coordinate rounded half up.
      ...(mode === 'nearest' && { nearest_mode: coordinates === 'asymmetric' ? 'floor' : 'round_prefer_ceil' }),
    });
    return { name, layout: 'channelsFirst' };
  };
}

export const imageConverters: Readonly<Record<string, Converter>> = {
  PadV2: pad,
  MirrorPad: mirrorPad,
  ResizeNearestNeighbor: resize('nearest'),
  ResizeBilinear: resize('linear'),
  DepthToSpace: (kernel) => {
    kernel.checkDataFormat();
    const x = kernel.graph.name(kernel.input('x'), 'channelsFirst');
    const blocksize = kernel.attribute<number>('blockSize');
    return { name: kernel.graph.node('DepthToSpace', [x], { blocksize, mode: 'DCR' }), layout: 'channelsFirst' };
  },
};
