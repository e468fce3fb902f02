// Images of a game on a canvas, each pixel as it is, with the gradient over it.
import { diverging } from '@gankit/pictures';
import { useEffect, useRef } from 'preact/hooks';
import type { ImagesFrame } from '../protocol.ts';

export interface ImageCanvasProps {
  readonly frame: ImagesFrame;
  readonly withGradient: boolean;
  readonly label: string;
  readonly class?: string | undefined;
}

const gap = 2;
/** Height of the bar that shows a verdict, in pixels of an image. */
const bar = 2;

/** Writes one image into a picture. */
function put(
  target: ImageData,
  frame: ImagesFrame,
  image: number,
  left: number,
  top: number,
  withGradient: boolean,
): void {
  const [height, width, channels] = frame.shape;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const pixel = (image * height + row) * width + column;
      const at = 4 * ((top + row) * target.width + left + column);
      const asked = withGradient ? (frame.gradient?.[pixel] ?? 0) : 0;
      const over = diverging(asked);
      const strength = Math.min(1, Math.abs(asked) * 1.5) * 0.85;
      for (let channel = 0; channel < 3; channel++) {
        const own = frame.pixels[pixel * channels + Math.min(channel, channels - 1)]!;
        target.data[at + channel] = own + (over[channel]! - own) * strength;
      }
      target.data[at + 3] = 255;
    }
  }
}

/** The verdict under an image: from the middle to the right in blue for real, to the left in red for generated. */
function putVerdict(target: ImageData, width: number, verdict: number, left: number, top: number): void {
  const colour = diverging(verdict > 0 ? -1 : 1);
  const length = Math.max(1, Math.round((Math.abs(verdict) * width) / 2));
  const start = verdict > 0 ? Math.floor(width / 2) : Math.floor(width / 2) - length;
  for (let row = 0; row < bar; row++) {
    for (let column = 0; column < length; column++) {
      target.data.set([...colour, 255], 4 * ((top + row) * target.width + left + start + column));
    }
  }
}

export function ImageCanvas({ frame, withGradient, label, class: name }: ImageCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [height, width] = frame.shape;
  const rows = Math.ceil(frame.count / frame.columns);
  const cellHeight = height + gap + bar + gap;
  const size = [frame.columns * (width + gap) - gap, rows * cellHeight - gap] as const;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const picture = context.createImageData(size[0], size[1]);
    for (let image = 0; image < frame.count; image++) {
      const left = (image % frame.columns) * (width + gap);
      const top = Math.floor(image / frame.columns) * cellHeight;
      put(picture, frame, image, left, top, withGradient);
      putVerdict(picture, width, frame.verdict[image] ?? 0, left, top + height + 1);
    }
    context.putImageData(picture, 0, 0);
  }, [frame, withGradient, size[0], size[1], cellHeight, height, width]);
  return (
    <canvas ref={canvas} class={`images ${name ?? ''}`} width={size[0]} height={size[1]} role="img" aria-label={label}>
      {label}
    </canvas>
  );
}
