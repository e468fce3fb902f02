// A second game of the same seed that differs in one part.
import { useId } from 'preact/hooks';
import type { NamedPart } from '../protocol.ts';
import { PartForm, PartList } from './part-form.tsx';
import { change, current, experiment, games } from './store.ts';

const parts = {
  loss: 'Loss',
  schedule: 'Schedule',
  negatives: 'Negatives',
  penalties: 'Penalties',
  stabilizers: 'Stabilisers',
  generator: 'Generator',
  discriminator: 'Discriminator',
} as const;
type Part = keyof typeof parts;

/** What a second game begins with: the part of the first, to be changed. */
const examples: Readonly<Record<Part, unknown>> = {
  loss: { name: 'wasserstein' },
  schedule: { name: 'fixed', discriminatorUpdates: 5 },
  negatives: { name: 'annealed-noise' },
  penalties: [{ name: 'r1' }],
  stabilizers: [{ name: 'monitor' }, { name: 'instance-noise' }],
  generator: { name: 'mlp', latentSize: 1 },
  discriminator: { name: 'mlp', hidden: [16] },
};

/** A part that the first game does not have. */
function exampleOf(part: Part): unknown {
  return part === 'loss' && games.value[0]?.recipe.loss.name === 'wasserstein' ? { name: 'hinge' } : examples[part];
}

function setAgainst(against: Readonly<Record<string, unknown>> | undefined): void {
  const { recipe } = current();
  change(against === undefined ? { recipe } : { recipe, against });
}

/** What the two games of an experiment are called, where nobody named them. */
export function namesOfGames(): readonly string[] {
  const [part] = Object.keys(experiment.value?.against ?? {});
  const titleOf = (value: unknown) => {
    if (Array.isArray(value)) return value.map(({ name }: NamedPart) => name).join(', ') || 'none';
    return (value as NamedPart | undefined)?.name ?? '';
  };
  return games.value.map(({ recipe }, index) => {
    if (part === undefined) return 'The game';
    return `${index === 0 ? 'First' : 'Second'}: ${titleOf((recipe as unknown as Record<string, unknown>)[part])}`;
  });
}

export function Comparison() {
  const id = useId();
  const against = experiment.value?.against;
  const part = Object.keys(against ?? {}).find((key): key is Part => key in parts);
  const second = games.value[1]?.recipe;
  return (
    <section class="comparison" aria-label="Second game">
      <div class="field">
        <label for={id}>Beside it, a game that differs in</label>
        <select
          id={id}
          value={part ?? ''}
          onChange={({ currentTarget: { value } }) =>
            setAgainst(value === '' ? undefined : { [value]: exampleOf(value as Part) })
          }
        >
          <option value="">nothing: one game</option>
          {Object.entries(parts).map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </div>
      {part !== undefined &&
        second !== undefined &&
        (part === 'penalties' || part === 'stabilizers' ? (
          <PartList
            kind={part}
            legend={`${parts[part]} of the second game`}
            parts={second[part]}
            onChange={(next) => setAgainst({ [part]: next })}
          />
        ) : (
          <PartForm
            kind={part}
            legend={`${parts[part]} of the second game`}
            part={second[part]}
            onChange={(next) => setAgainst({ [part]: next })}
          />
        ))}
    </section>
  );
}
