// Everything of a game that can be chosen. What can change while it plays is apart from what begins a new game.
import { useId } from 'preact/hooks';
import type { NamedPart, PartDescription, PartKind, ResolvedRecipe } from '../protocol.ts';
import { Painter } from './painter.tsx';
import { PartForm, PartList } from './part-form.tsx';
import { change, current, games, recipe, revision } from './store.ts';

/** The recipe with something else in it. */
export function changePart(name: string, value: unknown): void {
  const experiment = current();
  change({ ...experiment, recipe: { ...experiment.recipe, [name]: value } });
}

function changeOptimizer(player: 'generator' | 'discriminator', part: NamedPart, { optimizers }: ResolvedRecipe): void {
  changePart('optimizers', { ...optimizers, [player]: part });
}

/** A new seed that nobody chose. */
const freshSeed = () => crypto.getRandomValues(new Uint32Array(1))[0]! % 10_000;

const ofPoints = new Set(['ring', 'grid', 'swiss-roll', 'two-moons', 'painted']);
const emptyPainting = '0'.repeat(24 ** 2);

function NumberField({
  label,
  value,
  minimum,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly minimum: number;
  readonly onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        key={`${value}-${revision.value}`}
        id={id}
        type="number"
        min={minimum}
        step={1}
        defaultValue={String(value)}
        onChange={({ currentTarget }) => currentTarget.value.trim() !== '' && onChange(Number(currentTarget.value))}
      />
    </div>
  );
}

function DataForm({ recipe: { data } }: { readonly recipe: ResolvedRecipe }) {
  const isPoints = ofPoints.has(data.name);
  const choose = (part: NamedPart) =>
    changePart(
      'data',
      part.name === 'painted' && part['cells'] === undefined ? { name: 'painted', cells: smile } : part,
    );
  return (
    <PartForm
      kind="data"
      legend="Data"
      part={data}
      onChange={choose}
      only={({ name }: PartDescription) => ofPoints.has(name) === isPoints}
    >
      {data.name === 'painted' && (
        <Painter
          cells={String(data['cells'] ?? emptyPainting)}
          onChange={(cells) => changePart('data', { name: 'painted', cells })}
        />
      )}
    </PartForm>
  );
}

/** A painting to begin with: two eyes and a mouth. */
const smile = Array.from({ length: 24 * 24 }, (_, cell) => {
  const [x, y] = [(cell % 24) - 11.5, Math.floor(cell / 24) - 11.5];
  const isEye = Math.hypot(Math.abs(x) - 4, y + 4) < 1.8;
  const isMouth = Math.abs(Math.hypot(x, y + 1) - 7) < 1 && y > 1.5;
  return isEye || isMouth ? '9' : '0';
}).join('');

/** What can be exchanged between two steps. */
export function LiveParts({
  recipe: open,
  only,
}: {
  readonly recipe: ResolvedRecipe;
  readonly only?: readonly PartKind[] | undefined;
}) {
  const has = (kind: PartKind) => only === undefined || only.includes(kind);
  return (
    <>
      {has('loss') && (
        <PartForm kind="loss" legend="Loss" part={open.loss} onChange={(part) => changePart('loss', part)} />
      )}
      {has('schedule') && (
        <PartForm
          kind="schedule"
          legend="Schedule"
          part={open.schedule}
          onChange={(part) => changePart('schedule', part)}
        />
      )}
      {has('negatives') && (
        <PartForm
          kind="negatives"
          legend="Negatives"
          part={open.negatives}
          onChange={(part) => changePart('negatives', part)}
        />
      )}
      {has('penalties') && (
        <PartList
          kind="penalties"
          legend="Penalties"
          parts={open.penalties}
          onChange={(parts) => changePart('penalties', parts)}
        />
      )}
      {has('stabilizers') && (
        <PartList
          kind="stabilizers"
          legend="Stabilisers"
          parts={open.stabilizers}
          onChange={(parts) => changePart('stabilizers', parts)}
        />
      )}
      {has('constraints') && (
        <PartList
          kind="constraints"
          legend="Constraints"
          parts={open.constraints}
          onChange={(parts) => changePart('constraints', parts)}
        />
      )}
    </>
  );
}

export function PlayerForm({
  player,
  open,
}: {
  readonly player: 'generator' | 'discriminator';
  readonly open: ResolvedRecipe;
}) {
  const legend = player === 'generator' ? 'Generator' : 'Discriminator';
  return <PartForm kind={player} legend={legend} part={open[player]} onChange={(part) => changePart(player, part)} />;
}

export function Settings() {
  const open = recipe.value;
  if (open === undefined) return <aside class="settings" aria-busy="true" aria-label="Settings" />;
  const classes = (games.value[0]?.classNames?.length ?? 0) > 1;
  return (
    <aside class="settings" aria-label="Settings">
      <h2>
        While it plays <small>swapped between two steps, and marked in the curves</small>
      </h2>
      <LiveParts recipe={open} />
      <details>
        <summary>Optimisers</summary>
        <PartForm
          kind="optimizers"
          legend="Generator's optimiser"
          part={open.optimizers.generator}
          onChange={(part) => changeOptimizer('generator', part, open)}
        />
        <PartForm
          kind="optimizers"
          legend="Discriminator's optimiser"
          part={open.optimizers.discriminator}
          onChange={(part) => changeOptimizer('discriminator', part, open)}
        />
        <NumberField
          label="Steps in all"
          value={open.stopping.steps}
          minimum={1}
          onChange={(steps) => changePart('stopping', { ...open.stopping, steps })}
        />
      </details>
      <h2>
        A new game <small>these begin anew, from the same seed</small>
      </h2>
      <DataForm recipe={open} />
      <div class="row seed">
        <NumberField label="Seed" value={open.seed} minimum={0} onChange={(seed) => changePart('seed', seed)} />
        <button type="button" onClick={() => changePart('seed', freshSeed())}>
          Another
        </button>
      </div>
      <NumberField
        label="Batch size"
        value={open.batchSize}
        minimum={1}
        onChange={(size) => changePart('batchSize', size)}
      />
      <details>
        <summary>Generator</summary>
        <PlayerForm player="generator" open={open} />
      </details>
      <details>
        <summary>Discriminator</summary>
        <PlayerForm player="discriminator" open={open} />
      </details>
      {classes && (
        <details>
          <summary>Conditions</summary>
          <PartList
            kind="conditioning"
            legend="What the players are told"
            parts={open.conditioning}
            onChange={(parts) => changePart('conditioning', parts)}
            only={({ name }) => name !== 'codes' && name !== 'images'}
          />
        </details>
      )}
    </aside>
  );
}
