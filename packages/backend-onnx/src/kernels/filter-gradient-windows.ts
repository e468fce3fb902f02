/**
 * The gradient of a convolution by its filter without patches. In images padded once, the pixels under a row of the filter
 * lie side by side; every such window, as far as windows do not overlap, is a row of the padded image seen as a matrix of
 * longer rows. So the product of that matrix, transposed, with the output's gradient is the gradient of one filter row, and the
 * windows that do overlap are reached by views that start some pixels later.
 */

import type { OnnxBackend } from '../backend.ts';
import { FLOAT, type Model, type Node } from '../onnx/model.ts';
import type { ConvolutionGeometry } from './conv2d-geometry.ts';
import { copyStrided } from './strided.ts';

/**
 * Where the pixels go. `Steps` are the pixels that the filter moves over at once, `stride width` of them; a window has
 * `steps` of these. Rows of the image that the filter meets at the same remainder by the stride share a plane.
 */
interface Layout {
  /** Elements of a step. */
  stepSize: number;
  /** Steps to a window. */
  steps: number;
  /** Steps from one row of a plane to the next; the zeros after a row are also those before the next one. */
  rowPitch: number;
  /** Rows of a plane from one image to the next. */
  imagePitch: number;
  /** Per row of the filter: its plane, and the rows that it starts later. */
  filterRows: { plane: number; later: number }[];
  /** Remainders of the image's rows, counted from the padding's first, that the filter meets. */
  planes: number[];
}

function planLayout(g: ConvolutionGeometry): Layout {
  const steps = Math.ceil(g.filterWidth / g.strideWidth);
  const rowPitch = pitch(g.width, g.outWidth, g.strideWidth, steps, g.padLeft);
  const starts = Array.from({ length: g.filterHeight }, (_, kh) => kh * g.dilationHeight);
  const planes = [...new Set(starts.map((start) => start % g.strideHeight))];
  const filterRows = starts.map((start) => ({
    plane: planes.indexOf(start % g.strideHeight),
    later: Math.floor(start / g.strideHeight),
  }));
  const reach = Math.max(...filterRows.map(({ later }) => later)) + 1;
  return {
    stepSize: g.strideWidth * g.channels,
    steps,
    rowPitch,
    imagePitch: pitch(g.height, g.outHeight, g.strideHeight, reach, g.padTop),
    filterRows,
    planes,
  };
}

/** The least distance of rows (images) at which no window meets what belongs to the next one, except its zeros. */
function pitch(length: number, out: number, stride: number, reach: number, before: number): number {
  return Math.max(out, Math.ceil((length + before) / stride), out + reach - 1 - Math.floor(before / stride));
}

/** Multiplications that this way does for each that is needed. */
function overhead(g: ConvolutionGeometry): number {
  const { steps, rowPitch, imagePitch } = planLayout(g);
  return ((steps * g.strideWidth) / g.filterWidth) * ((rowPitch * imagePitch) / (g.outHeight * g.outWidth));
}

/** Bytes of images and gradient laid out at a time: they stay in the cache while the products read them again and again. */
const CHUNK_BYTES = 2 ** 20;
/** The most for a single image, which is laid out whole. */
const LARGEST_IMAGE_BYTES = 2.5 * 2 ** 20;
/** With more multiplications than so many times those needed, patches are faster; so they are for narrow products. */
const LARGEST_OVERHEAD = 1.1;
const NARROWEST_WINDOW = 32;

function bytesPerImage(g: ConvolutionGeometry, { rowPitch, imagePitch, planes, stepSize }: Layout): number {
  return 4 * rowPitch * imagePitch * (planes.length * stepSize + g.outChannels);
}

/**
 * Whether windows are faster than patches. They are a ninth of the bytes of 3x3 patches, which matters where one thread
 * lays out what several read; a thread alone has its patches in its cache.
 */
export function suitsWindows(g: ConvolutionGeometry, threads: number): boolean {
  if (threads === 1 || g.dilationWidth !== 1) return false;
  const layout = planLayout(g);
  return (
    overhead(g) < LARGEST_OVERHEAD &&
    layout.steps * layout.stepSize >= NARROWEST_WINDOW &&
    bytesPerImage(g, layout) <= LARGEST_IMAGE_BYTES
  );
}

/**
 * Writes the filter's gradient, [filterHeight, filterWidth, channels, outChannels], to `out`; for any stride and padding, and dilation
 * along the height only.
 */
export function filterGradientFromWindows(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  image: number,
  dy: number,
  out: number,
  chunkBytes = CHUNK_BYTES,
): void {
  const layout = planLayout(g);
  const { stepSize, steps, rowPitch, imagePitch, filterRows, planes } = layout;
  const chunks = Math.ceil(g.batch / Math.max(1, Math.floor(chunkBytes / bytesPerImage(g, layout))));
  const chunk = Math.ceil(g.batch / chunks);
  // Positions of windows, an equal number for each view.
  const perView = Math.ceil((chunk * imagePitch * rowPitch) / steps);
  const reach = Math.max(...filterRows.map(({ later }) => later));
  const planeSize = (perView * steps + reach * rowPitch + steps) * stepSize;
  const gradientSize = perView * steps * g.outChannels;
  const windowSize = steps * stepSize;
  const exact = windowSize === g.filterWidth * g.channels;
  const resultSize = g.filterHeight * windowSize * g.outChannels;
  const bytes = 4 * (planes.length * planeSize + gradientSize + (exact ? 0 : resultSize));
  backend.scratch(bytes, 'windows of a filter gradient', (padded) => {
    const dealt = padded + 4 * planes.length * planeSize;
    const result = exact ? out : dealt + 4 * gradientSize;
    for (let first = 0; first < g.batch; first += chunk) {
      const count = Math.min(chunk, g.batch - first);
      // The zeros between rows stay from chunk to chunk, unless the last is shorter.
      if (first === 0 || count < chunk) backend.kernel('fill')(padded, planes.length * planeSize + gradientSize, 0);
      planes.forEach((remainder, plane) => {
        layOutPlane(backend, g, layout, image, padded + 4 * plane * planeSize, remainder, first, count);
      });
      backend.kernel('deal_pixels')(
        dy + 4 * first * g.outHeight * g.outWidth * g.outChannels,
        dealt,
        count,
        g.outHeight,
        g.outWidth,
        g.outChannels,
        rowPitch,
        imagePitch,
        steps,
        perView,
      );
      const views = filterRows.flatMap(({ plane, later }) =>
        Array.from({ length: steps }, (_, view) =>
          backend.floats(padded + 4 * (plane * planeSize + (later * rowPitch + view) * stepSize), [
            perView,
            windowSize,
          ]),
        ),
      );
      const gradients = Array.from({ length: steps }, (_, view) =>
        backend.floats(dealt + 4 * view * perView * g.outChannels, [perView, g.outChannels]),
      );
      const sums = filterRows.map((_, kh) =>
        backend.floats(result + 4 * kh * windowSize * g.outChannels, [windowSize, g.outChannels]),
      );
      backend.run(
        `FilterGradient ${g.filterHeight} ${steps} ${first > 0}`,
        () => windowProducts(g.filterHeight, steps, first > 0),
        [...views, ...gradients, ...(first > 0 ? sums : [])],
        sums,
      );
    }
    if (!exact) {
      const rowSize = g.filterWidth * g.channels * g.outChannels;
      const parameters = backend.integers([g.filterHeight, rowSize, windowSize * g.outChannels, 1, rowSize, 1]);
      backend.kernel('strided_copy')(result, out, 2, parameters, parameters + 8, parameters + 16);
    }
  });
}

/** Copies the rows of some images that leave `remainder`, each row after its left padding. */
function layOutPlane(
  backend: OnnxBackend,
  g: ConvolutionGeometry,
  layout: Layout,
  image: number,
  plane: number,
  remainder: number,
  firstImage: number,
  count: number,
): void {
  const { rowPitch, imagePitch, stepSize } = layout;
  // Row j of the plane is row j * stride + remainder - padTop of the image.
  const firstRow = Math.max(0, Math.ceil((g.padTop - remainder) / g.strideHeight));
  const top = firstRow * g.strideHeight + remainder - g.padTop;
  const rows = Math.ceil((g.height - top) / g.strideHeight);
  if (rows <= 0) return;
  const row = g.width * g.channels;
  copyStrided(
    backend,
    'float32',
    [count, rows, row],
    { pointer: image, offset: (firstImage * g.height + top) * row, strides: [g.height * row, g.strideHeight * row, 1] },
    {
      pointer: plane,
      offset: firstRow * rowPitch * stepSize + g.padLeft * g.channels,
      strides: [imagePitch * rowPitch * stepSize, rowPitch * stepSize, 1],
    },
  );
}

/** For each row of the filter the sum over the views of transposed windows x gradients, on top of what was there if `accumulate`. */
function windowProducts(filterHeight: number, steps: number, accumulate: boolean): Model {
  const viewCount = filterHeight * steps;
  const nodes: Node[] = [];
  for (let kh = 0; kh < filterHeight; kh++) {
    let sum = accumulate ? [`i${viewCount + steps + kh}`] : [];
    for (let view = 0; view < steps; view++) {
      const result = view === steps - 1 ? `o${kh}` : `sum ${kh} ${view}`;
      nodes.push({
        operator: 'Gemm',
        inputs: [`i${kh * steps + view}`, `i${viewCount + view}`, ...sum],
        outputs: [result],
        attributes: { transA: 1 },
      });
      sum = [result];
    }
  }
  const outputs = Array.from({ length: filterHeight }, (): typeof FLOAT => FLOAT);
  const inputs = Array.from({ length: viewCount + steps + (accumulate ? filterHeight : 0) }, (): typeof FLOAT => FLOAT);
  return { inputs, outputs, nodes };
}
