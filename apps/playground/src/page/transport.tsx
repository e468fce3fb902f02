// Play, pause, one step at a time, how fast.
import type { Mover, Stage } from '../protocol.ts';
import {
  exportRun,
  finished,
  games,
  makeStep,
  opening,
  pace,
  playing,
  restart,
  setPace,
  setPlaying,
  slow,
  stage,
  step,
  stepsPerSecond,
} from './store.ts';

/** Positions of the slider, in steps a second; the last is as fast as it goes. */
const paces = [1, 2, 5, 10, 20, 40, Number.POSITIVE_INFINITY];

const sayings: Readonly<Record<Stage, string>> = {
  generate: '1 of 4: G turns noise into samples.',
  judge: '2 of 4: D compares them with real ones, and learns.',
  teach: '3 of 4: D says to each sample where it would pass.',
  move: '4 of 4: G moves its samples that way.',
};

function PlayIcon({ isPlaying }: { readonly isPlaying: boolean }) {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" fill="currentColor">
      {isPlaying ? <path d="M5 4h4v12H5zM11 4h4v12h-4z" /> : <path d="M6 3.5v13l11-6.5z" />}
    </svg>
  );
}

function StepButton({
  mover,
  label,
  title,
}: {
  readonly mover: Mover;
  readonly label: string;
  readonly title: string;
}) {
  return (
    <button type="button" onClick={() => makeStep(mover)} disabled={opening.value} title={title} aria-label={title}>
      {label}
    </button>
  );
}

export function Transport() {
  const isPlaying = playing.value;
  const position = Math.max(0, paces.indexOf(pace.value));
  const saying = stage.value;
  const last = games.value[0]?.recipe.stopping.steps;
  return (
    <section class="transport" aria-label="Play">
      <div class="row">
        <button
          type="button"
          class="accent play"
          disabled={opening.value || finished.value}
          onClick={() => setPlaying(!isPlaying)}
          aria-label={isPlaying ? 'Pause' : 'Play'}
        >
          <PlayIcon isPlaying={isPlaying} />
          <span aria-hidden="true">{isPlaying ? 'Pause' : 'Play'}</span>
        </button>
        <fieldset class="group">
          <legend class="unseen">One step</legend>
          <StepButton mover="both" label="Step" title="One step of both players" />
          <StepButton mover="discriminator" label="D" title="One step of the discriminator" />
          <StepButton mover="generator" label="G" title="One step of the generator" />
        </fieldset>
        <button type="button" onClick={restart} disabled={opening.value} title="From the beginning, with the same seed">
          Restart
        </button>
      </div>
      <div class="row">
        <label class="check">
          <input
            type="checkbox"
            checked={slow.value}
            onChange={(event) => setPace(pace.value, event.currentTarget.checked)}
          />
          Slow motion
        </label>
        <label class="pace">
          <span>Speed</span>
          <input
            type="range"
            min={0}
            max={paces.length - 1}
            step={1}
            value={position}
            aria-valuetext={
              Number.isFinite(paces[position]!) ? `${paces[position]} steps a second` : 'as fast as it goes'
            }
            onInput={(event) => setPace(paces[Number(event.currentTarget.value)]!, slow.value)}
          />
        </label>
        <div class="counter">
          {isPlaying && stepsPerSecond.value > 0 && (
            <small>{stepsPerSecond.value.toFixed(stepsPerSecond.value < 10 ? 1 : 0)} a second</small>
          )}
          <span>
            <strong>{step.value.toLocaleString('en')}</strong> steps
          </span>
        </div>
      </div>
      <p class="saying" aria-live="polite">
        {saying !== undefined
          ? sayings[saying]
          : finished.value
            ? `All ${last?.toLocaleString('en')} steps were made. Raise them under Optimisers to go on.`
            : '\u00a0'}
      </p>
    </section>
  );
}

export function SaveRun() {
  return (
    <button type="button" onClick={exportRun} disabled={opening.value}>
      Save the run
    </button>
  );
}
