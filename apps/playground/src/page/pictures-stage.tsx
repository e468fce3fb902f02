// The grids of one or two games, and the film of the run so far.
import { signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { ImagesFrame } from '../protocol.ts';
import { ImageCanvas } from './image-canvas.tsx';
import { film, games, layers, step } from './store.ts';

/** A moment of the film that is looked at; the newest when absent. */
const moment = signal<number | undefined>(undefined);

const percent = (verdict: number) => `${Math.round(50 + 50 * verdict)} %`;

function describe(frame: ImagesFrame, at: number): string {
  const mean = frame.verdict.reduce((sum, value) => sum + value, 0) / frame.verdict.length;
  return `${frame.count} generated pictures after step ${at}; the discriminator takes them for real by ${percent(mean)} on average.`;
}

export function PicturesStage({ names }: { readonly names: readonly string[] }) {
  const id = useId();
  const shown = games.value;
  const moments = film.value;
  const at = moment.value === undefined ? -1 : moments.findIndex((each) => each.step >= moment.value!);
  const past = at >= 0 && at < moments.length - 1 ? moments[at] : undefined;
  return (
    <>
      <div class={shown.length > 1 ? 'planes two' : 'planes'}>
        {shown.every(({ frame }) => frame?.kind !== 'images') && <div class="images waiting" aria-busy="true" />}
        {shown.map((game, index) => {
          const frame = index === 0 && past ? past.frame : game.frame;
          if (frame?.kind !== 'images') return null;
          return (
            <figure key={index}>
              <ImageCanvas
                frame={frame}
                withGradient={layers.value.gradient}
                label={describe(frame, past?.step ?? step.value)}
              />
              {shown.length > 1 && <figcaption>{names[index]}</figcaption>}
            </figure>
          );
        })}
      </div>
      <div class="field film">
        <label for={id}>Time</label>
        <input
          id={id}
          type="range"
          min={0}
          max={Math.max(1, moments.length - 1)}
          value={past ? at : Math.max(1, moments.length - 1)}
          disabled={moments.length < 2}
          aria-valuetext={`step ${past?.step ?? step.value}`}
          onInput={({ currentTarget }) => {
            const index = Number(currentTarget.value);
            moment.value = index >= moments.length - 1 ? undefined : moments[index]?.step;
          }}
        />
        <span class="quiet">{past ? `step ${past.step.toLocaleString('en')}` : 'now'}</span>
      </div>
    </>
  );
}
