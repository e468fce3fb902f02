// The plane: what is real, what is generated, what the discriminator thinks of every place, and where it sends each sample.
import { diverging, generatedColour, realColour } from '@gankit/pictures';
import { useEffect, useRef } from 'preact/hooks';
import { type Layers, manifoldSide, type PointsFrame, planeReach, type Stage, verdictSide } from '../protocol.ts';
import type { ShownGame } from './store.ts';
import { theme } from './theme.tsx';

const scale = 1 / planeReach;
const arrowLength = 0.22;
const motionMilliseconds = 900;

const css = (colour: readonly number[], alpha: number) => `rgb(${colour.map(Math.round).join(' ')} / ${alpha})`;

/** What is drawn: a frame, the one before it, and how far the motion between them is. */
interface Scene {
  readonly game: ShownGame;
  readonly frame: PointsFrame;
  readonly before: PointsFrame | undefined;
  readonly layers: Layers;
  readonly stage: Stage | undefined;
  /** 0 to 1. */
  readonly progress: number;
}

/** The verdict as an image of one pixel a cell: blue for real, red for generated, clear where it is undecided. */
function verdictImage(verdict: Float32Array, isDark: boolean): OffscreenCanvas | HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = verdictSide;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(verdictSide, verdictSide);
  verdict.forEach((value, cell) => {
    const [red, green, blue] = diverging(value > 0 ? -1 : 1);
    image.data.set([red, green, blue, 255 * Math.min(1, Math.abs(value)) * (isDark ? 0.5 : 0.3)], 4 * cell);
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

function draw(canvas: HTMLCanvasElement, { game, frame, before, layers, stage, progress }: Scene): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width } = canvas;
  const isDark = theme.value === 'dark';
  const at = (value: number) => (width * (1 + scale * value)) / 2;
  const down = (value: number) => (width * (1 - scale * value)) / 2;
  const unit = width / 560;
  context.clearRect(0, 0, width, width);

  if (frame.verdict && layers.verdict) {
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = 'high';
    context.drawImage(verdictImage(frame.verdict, isDark), 0, 0, width, width);
  }

  if (frame.manifold && layers.manifold) {
    const rows = frame.manifold.length / 2 / manifoldSide;
    context.strokeStyle = isDark ? 'rgb(255 190 160 / 0.5)' : 'rgb(150 55 20 / 0.4)';
    context.lineWidth = rows === 1 ? 2 * unit : 0.8 * unit;
    const line = (points: readonly number[]) => {
      context.beginPath();
      for (const point of points)
        context.lineTo(at(frame.manifold![2 * point]!), down(frame.manifold![2 * point + 1]!));
      context.stroke();
    };
    const side = [...Array(manifoldSide).keys()];
    for (let row = 0; row < rows; row++) line(side.map((column) => row * manifoldSide + column));
    if (rows > 1) for (const column of side) line(side.map((row) => row * manifoldSide + column));
  }

  const { real } = game;
  if (real) {
    context.fillStyle = isDark
      ? css(realColour, 0.75)
      : css(
          realColour.map((shade) => shade * 0.55),
          0.6,
        );
    for (let point = 0; point < real.length; point += 2) {
      context.beginPath();
      context.arc(at(real[point]!), down(real[point + 1]!), 2.1 * unit, 0, 2 * Math.PI);
      context.fill();
    }
  }

  const moved = stage === 'move' && before !== undefined ? progress : 1;
  const place = (index: number) => {
    const from = before?.fakes[index] ?? frame.fakes[index]!;
    return from + (frame.fakes[index]! - from) * moved;
  };
  const count = frame.fakes.length / 2;
  // In slow motion samples appear, are judged and are taught one after another.
  const shown = stage === 'generate' ? Math.ceil(progress * count) : count;
  const taught =
    stage === 'teach' ? Math.ceil(progress * count) : stage === 'generate' || stage === 'judge' ? 0 : count;

  if (frame.arrows && layers.gradient) {
    context.strokeStyle = isDark ? 'rgb(255 255 255 / 0.6)' : 'rgb(30 34 45 / 0.5)';
    context.lineWidth = 1.1 * unit;
    // Every second sample has its arrow: all of them would be a thicket.
    for (let sample = 0; sample < taught; sample += 2) {
      const [x, y] = [place(2 * sample), place(2 * sample + 1)];
      const dx = frame.arrows[2 * sample]! * arrowLength;
      const dy = frame.arrows[2 * sample + 1]! * arrowLength;
      const length = Math.hypot(dx, dy);
      if (length < 0.006) continue;
      const [tipX, tipY] = [at(x + dx), down(y + dy)];
      const angle = Math.atan2(-dy, dx);
      const head = Math.min(5 * unit, (length * width) / 5);
      context.beginPath();
      context.moveTo(at(x), down(y));
      context.lineTo(tipX, tipY);
      for (const turn of [-2.6, 2.6]) {
        context.moveTo(tipX, tipY);
        context.lineTo(tipX + head * Math.cos(angle + turn), tipY + head * Math.sin(angle + turn));
      }
      context.stroke();
    }
  }

  context.fillStyle = isDark ? css([255, 138, 92], 0.95) : css(generatedColour, 0.9);
  for (let sample = 0; sample < shown; sample++) {
    context.beginPath();
    context.arc(at(place(2 * sample)), down(place(2 * sample + 1)), 2.5 * unit, 0, 2 * Math.PI);
    context.fill();
  }
}

const prefersStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export interface PlaneProps {
  readonly game: ShownGame;
  readonly layers: Layers;
  readonly stage: Stage | undefined;
  readonly label: string;
}

export function Plane({ game, layers, stage, label }: PlaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const before = useRef<PointsFrame | undefined>(undefined);
  const frame = game.frame?.kind === 'points' ? game.frame : undefined;
  const shownTheme = theme.value;

  useEffect(() => {
    const element = canvas.current;
    if (element === null || frame === undefined) return;
    const resize = () => {
      const pixels = Math.round(element.clientWidth * Math.min(2, devicePixelRatio));
      if (pixels > 0 && element.width !== pixels) element.width = element.height = pixels;
    };
    const paint = (progress: number) => {
      resize();
      draw(element, { game, frame, before: before.current, layers, stage, progress });
    };
    let request = 0;
    const begun = performance.now();
    const animate = (now: number) => {
      const progress = Math.min(1, (now - begun) / motionMilliseconds);
      paint(progress);
      if (progress < 1) request = requestAnimationFrame(animate);
    };
    if (stage === undefined || stage === 'judge' || prefersStill()) paint(1);
    else request = requestAnimationFrame(animate);
    const observer = new ResizeObserver(() => paint(1));
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(request);
      before.current = frame;
    };
  }, [frame, layers, stage, shownTheme]);

  return (
    <canvas ref={canvas} class="plane" width={560} height={560} role="img" aria-label={label}>
      {label}
    </canvas>
  );
}
