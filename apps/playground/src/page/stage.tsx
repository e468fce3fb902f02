// The planes of one or two games, and the layers on them.
import type { Layers } from '../protocol.ts';
import { Plane } from './plane.tsx';
import { games, layers, type ShownGame, setLayers, stage } from './store.ts';

const layerNames: readonly (readonly [layer: keyof Layers, title: string, hint: string])[] = [
  ['verdict', 'D everywhere', 'What the discriminator would say at each place: blue is real, red is generated'],
  ['gradient', 'Gradient', 'Where each generated sample should go'],
  ['manifold', 'Warped grid', 'What the generator makes of a square grid of noise'],
];

export function LayerSwitches({ only }: { readonly only?: readonly (keyof Layers)[] | undefined }) {
  return (
    <fieldset class="switches">
      <legend class="unseen">Layers</legend>
      {layerNames
        .filter(([layer]) => only === undefined || only.includes(layer))
        .map(([layer, title, hint]) => (
          <label class="check" key={layer} title={hint}>
            <input
              type="checkbox"
              checked={layers.value[layer]}
              onChange={({ currentTarget }) => setLayers({ ...layers.value, [layer]: currentTarget.checked })}
            />
            {title}
          </label>
        ))}
    </fieldset>
  );
}

/** The picture in words, for those who cannot see it. */
function describe(game: ShownGame, name: string): string {
  const last = game.curves.at(-1);
  const found = last && Number.isFinite(last.modesFound) ? ` ${last.modesFound} of ${game.modes} modes found.` : '';
  const right =
    last && Number.isFinite(last.accuracy)
      ? ` The discriminator is right about ${Math.round(100 * last.accuracy)} % of the samples.`
      : '';
  return `${name}: real points of ${game.recipe.data.name} and generated points after step ${last?.step ?? 0}.${found}${right}`;
}

export function Stage({ names }: { readonly names: readonly string[] }) {
  const shown = games.value;
  return (
    <div class={shown.length > 1 ? 'planes two' : 'planes'}>
      {shown.length === 0 && <div class="plane waiting" aria-busy="true" />}
      {shown.map((game, index) => (
        <figure key={index}>
          <Plane
            game={game}
            layers={layers.value}
            stage={stage.value}
            label={describe(game, names[index] ?? 'The game')}
          />
          {shown.length > 1 && <figcaption>{names[index]}</figcaption>}
        </figure>
      ))}
    </div>
  );
}

export function Legend() {
  return (
    <ul class="legend" aria-label="Colours">
      <li class="real">real</li>
      <li class="generated">generated</li>
      <li class="says-real">D says real</li>
      <li class="says-generated">D says generated</li>
    </ul>
  );
}
