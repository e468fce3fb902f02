import { useRef, useState } from 'preact/hooks';
import { picturesExperiment } from '../presets.ts';
import { namesOfGames } from './comparison.tsx';
import { readPictures } from './dropped-pictures.ts';
import { Latents } from './latents.tsx';
import { OwnDrawing } from './own-drawing.tsx';
import { PicturesStage } from './pictures-stage.tsx';
import { Readings } from './readings.tsx';
import { saveFile } from './save-file.ts';
import { Settings } from './settings.tsx';
import { Share } from './share.tsx';
import { LayerSwitches } from './stage.tsx';
import { games, notice, open, recipe, showClass, usePictures } from './store.ts';
import { Transport } from './transport.tsx';

function ClassPicker({
  names,
  chosen,
  onChoose,
}: {
  readonly names: readonly string[];
  readonly chosen: number | undefined;
  readonly onChoose: (label: number | undefined) => void;
}) {
  return (
    <fieldset class="group classes">
      <legend class="unseen">Class</legend>
      <button type="button" aria-pressed={chosen === undefined} onClick={() => onChoose(undefined)}>
        All
      </button>
      {names.map((name, label) => (
        <button type="button" key={name} aria-pressed={chosen === label} onClick={() => onChoose(label)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}

async function take(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  const { pictures, sentence } = await readPictures(files);
  if (pictures !== undefined) usePictures(pictures);
  notice.value = { kind: pictures === undefined ? 'fault' : 'news', sentence };
}

function savePicture(): void {
  document.querySelector<HTMLCanvasElement>('canvas.images')?.toBlob((blob) => blob && saveFile('pictures.png', blob));
}

function OwnPictures() {
  const input = useRef<HTMLInputElement>(null);
  const isOwn = recipe.value?.data.name === 'dropped-pictures';
  return (
    <div class="row">
      <button type="button" onClick={() => input.current?.click()}>
        Use my own pictures
      </button>
      {isOwn && (
        <button type="button" onClick={() => open(picturesExperiment, true)}>
          Back to digits
        </button>
      )}
      <button type="button" onClick={savePicture}>
        Save the picture
      </button>
      <input
        ref={input}
        class="unseen"
        type="file"
        multiple
        tabIndex={-1}
        aria-label="Use my own pictures"
        accept="image/*,.zip"
        onChange={async ({ currentTarget }) => {
          await take([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
      <span class="quiet">or drop them here; they stay on this device.</span>
    </div>
  );
}

export function PicturesView() {
  const [label, setLabel] = useState<number | undefined>(undefined);
  const [over, setOver] = useState(false);
  const [first] = games.value;
  const names = namesOfGames();
  const told = first !== undefined && first.recipe.conditioning.length > 0;
  const classNames = told ? (first.classNames ?? []) : [];
  const choose = (next: number | undefined) => {
    setLabel(next);
    showClass(next);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping has a button beside it that does the same
    <div
      class={over ? 'view over' : 'view'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <h1 class="unseen">A game on pictures</h1>
      <div class="middle">
        <Transport />
        <div class="under">
          {classNames.length > 0 && <ClassPicker names={classNames} chosen={label} onChoose={choose} />}
          <LayerSwitches only={['gradient']} />
        </div>
        <PicturesStage names={names} />
        <OwnPictures />
        <div class="desk">
          {first?.kind === 'images' && <Latents size={first.latentSize} label={label ?? 0} />}
          {first?.recipe.data.name === 'mnist' && <OwnDrawing label={label ?? 0} />}
        </div>
        <Share />
      </div>
      <Readings names={names} />
      <Settings />
    </div>
  );
}
