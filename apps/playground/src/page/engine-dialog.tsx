// What computes, why, and a switch. The dialog is the browser's own: focus, Escape and the backdrop are right in it.
import { useRef } from 'preact/hooks';
import type { BackendName } from '../protocol.ts';
import { engine, opening, setBackend } from './store.ts';

const names: Readonly<Partial<Record<BackendName, string>>> = {
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  wasm: 'WebAssembly',
  cpu: 'plain JavaScript',
};
const choices = Object.keys(names) as BackendName[];
const nameOf = (name: string) => names[name as BackendName] ?? name;

export function EngineButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const { value } = engine;
  // The list of questions needs none.
  if (value === undefined && !opening.value) return null;
  const choose = (name: BackendName) => {
    dialog.current?.close();
    setBackend(name);
  };
  return (
    <>
      <button type="button" class="plain engine" onClick={() => dialog.current?.showModal()}>
        <span class={value === undefined ? 'lamp' : 'lamp on'} aria-hidden="true" />
        {value === undefined ? 'Starting' : nameOf(value.backend)}
      </button>
      <dialog ref={dialog} aria-labelledby="engine-title">
        <h2 id="engine-title">What computes</h2>
        {value === undefined ? (
          <p>The first backend is being checked.</p>
        ) : (
          <>
            <p>
              {nameOf(value.backend)}. {value.reason} It was checked before the first step, and computes right.
            </p>
            {value.tried.length > 0 && (
              <ul>
                {value.tried.map(({ name, refused }) => (
                  <li key={name}>
                    {nameOf(name)} was passed over: {refused}
                  </li>
                ))}
              </ul>
            )}
            <fieldset>
              <legend>Go on with</legend>
              <div class="row">
                {choices.map((name) => (
                  <button key={name} type="button" disabled={name === value.backend} onClick={() => choose(name)}>
                    {nameOf(name)}
                  </button>
                ))}
              </div>
            </fieldset>
            <p class="quiet">
              The game goes on at the same step. Another backend rounds in another way, so its numbers part after a
              while.
            </p>
          </>
        )}
        <form method="dialog">
          <button type="submit" class="accent">
            Done
          </button>
        </form>
      </dialog>
    </>
  );
}
