// A picture to order: its class, each number of its noise, and a map of two of them to drag.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ImageCanvas } from './image-canvas.tsx';
import { askSample, sample, step } from './store.ts';

const sliders = 6;
const reach = 2.5;
const mapSize = 132;

export function Latents({ size, label }: { readonly size: number; readonly label: number }) {
  const [latent, setLatent] = useState<readonly number[]>(() => new Array<number>(size).fill(0));
  const map = useRef<HTMLDivElement>(null);
  // Asked again as the generator learns, once in ten steps.
  const due = Math.floor(step.value / 10);
  useEffect(() => {
    if (latent.length === size) askSample(latent, label);
    else setLatent(new Array<number>(size).fill(0));
  }, [latent, label, size, due]);
  const set = (index: number, value: number) =>
    setLatent((before) => before.map((each, at) => (at === index ? value : each)));
  const drag = (event: PointerEvent) => {
    const box = map.current!.getBoundingClientRect();
    const on = (value: number) => Math.max(-reach, Math.min(reach, reach * (2 * value - 1)));
    const [x, y] = [on((event.clientX - box.left) / box.width), -on((event.clientY - box.top) / box.height)];
    setLatent((before) => before.map((each, at) => (at === 0 ? x : at === 1 ? y : each)));
  };
  const frame = sample.value;
  const [x = 0, y = 0] = latent;
  return (
    <section class="latents" aria-label="One picture to order">
      <h2>Order one</h2>
      <div class="row">
        {frame ? (
          <ImageCanvas frame={frame} withGradient={false} label="The picture of this noise" class="single" />
        ) : (
          <div class="images single waiting" />
        )}
        <div
          ref={map}
          class="map"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            drag(event);
          }}
          onPointerMove={(event) => event.buttons > 0 && drag(event)}
        >
          <svg aria-hidden="true" viewBox={`0 0 ${mapSize} ${mapSize}`}>
            <path d={`M${mapSize / 2} 0V${mapSize}M0 ${mapSize / 2}H${mapSize}`} />
            <circle cx={(mapSize * (1 + x / reach)) / 2} cy={(mapSize * (1 - y / reach)) / 2} r="6" />
          </svg>
        </div>
      </div>
      <div class="sliders">
        {latent.slice(0, sliders).map((value, index) => (
          <label key={index}>
            <span>z{index + 1}</span>
            <input
              type="range"
              min={-reach}
              max={reach}
              step={0.05}
              value={value}
              onInput={({ currentTarget }) => set(index, Number(currentTarget.value))}
            />
          </label>
        ))}
      </div>
      <button
        type="button"
        onClick={() =>
          setLatent(Array.from(crypto.getRandomValues(new Uint32Array(size)), (bits) => 4 * (bits / 2 ** 32) - 2))
        }
      >
        Other noise
      </button>
    </section>
  );
}
