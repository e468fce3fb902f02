// The experiment as a link and as a file; runs of the command, there and back.
import { useRef, useState } from 'preact/hooks';
import { saveFile } from './save-file.ts';
import { experiment, importRun, recipe } from './store.ts';
import { SaveRun } from './transport.tsx';

export function Share() {
  const [copied, setCopied] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const copy = async () => {
    await navigator.clipboard.writeText(location.href).catch(() => undefined);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  const saveRecipe = () => {
    const text = JSON.stringify(experiment.value?.recipe ?? recipe.value, undefined, 2);
    saveFile('recipe.json', new Blob([`${text}\n`], { type: 'application/json' }));
  };
  return (
    <section class="share row" aria-label="Share and save">
      <button type="button" onClick={copy}>
        <span aria-live="polite">{copied ? 'Copied' : 'Copy the link'}</span>
      </button>
      <button type="button" onClick={saveRecipe}>
        Save the recipe
      </button>
      <SaveRun />
      <button type="button" onClick={() => file.current?.click()}>
        Open a run or recipe
      </button>
      <input
        ref={file}
        class="unseen"
        type="file"
        tabIndex={-1}
        aria-label="Open a run or recipe"
        accept=".zip,.json"
        onChange={async ({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          if (chosen) await importRun(chosen);
          currentTarget.value = '';
        }}
      />
    </section>
  );
}
