// A drawing of the user's, judged by the discriminator: the verdict, and what it asks of every pixel.
import { diverging } from '@gankit/pictures';
import { useEffect, useRef, useState } from 'preact/hooks';
import { askJudgement, judged, step } from './store.ts';

const side = 28;
const zoom = 8;

/** The grey values of the canvas, one for each cell. */
function read(canvas: HTMLCanvasElement): Uint8Array<ArrayBuffer> {
  const small = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!;
  small.imageSmoothingQuality = 'high';
  small.drawImage(canvas, 0, 0, side, side);
  const { data } = small.getImageData(0, 0, side, side);
  return Uint8Array.from({ length: side * side }, (_, pixel) => data[4 * pixel]!);
}

export function OwnDrawing({ label }: { readonly label: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(false);
  const last = useRef<readonly [number, number] | undefined>(undefined);
  const answer = judged.value;
  const clear = () => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    context.fillStyle = 'black';
    context.fillRect(0, 0, side * zoom, side * zoom);
    setDrawn(false);
    judged.value = undefined;
  };
  useEffect(clear, []);
  const ask = () => canvas.current && askJudgement({ pixels: read(canvas.current), side }, label);
  // What is drawn is judged anew while the discriminator learns, once a hundred steps.
  const due = Math.floor(step.value / 100);
  useEffect(() => {
    if (drawn) ask();
  }, [due, label]);

  useEffect(() => {
    const context = overlay.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, side, side);
    if (answer === undefined || answer.side !== side) return;
    const image = context.createImageData(side, side);
    answer.gradient.forEach((value, pixel) => {
      image.data.set([...diverging(value > 0 ? 1 : -1), 255 * Math.min(1, Math.abs(value)) * 0.75], 4 * pixel);
    });
    context.putImageData(image, 0, 0);
  }, [answer]);

  const draw = (event: PointerEvent) => {
    const element = canvas.current!;
    const context = element.getContext('2d', { willReadFrequently: true })!;
    const box = element.getBoundingClientRect();
    const at = [
      ((event.clientX - box.left) / box.width) * element.width,
      ((event.clientY - box.top) / box.height) * element.height,
    ] as const;
    context.strokeStyle = 'white';
    context.lineCap = 'round';
    context.lineWidth = 2.2 * zoom;
    context.beginPath();
    context.moveTo(...(last.current ?? at));
    context.lineTo(...at);
    context.stroke();
    last.current = at;
  };
  const end = () => {
    last.current = undefined;
    setDrawn(true);
    ask();
  };
  return (
    <section class="drawing" aria-label="Your own drawing">
      <h2>Draw one</h2>
      <div class="pad">
        <canvas
          ref={canvas}
          width={side * zoom}
          height={side * zoom}
          role="img"
          aria-label="A place to draw a digit with the pointer"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            draw(event);
          }}
          onPointerMove={(event) => event.buttons > 0 && draw(event)}
          onPointerUp={end}
          onPointerCancel={end}
        />
        <canvas ref={overlay} class="over" width={side} height={side} />
      </div>
      <p aria-live="polite">
        {answer === undefined
          ? 'The discriminator judges what you draw.'
          : `It takes your drawing for ${answer.verdict > 0 ? 'real' : 'generated'}, by ${Math.round(50 + 50 * Math.abs(answer.verdict))} %. Blue asks for brighter, red for darker.`}
      </p>
      <button type="button" onClick={clear}>
        Clear
      </button>
    </section>
  );
}
