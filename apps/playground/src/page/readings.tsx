// What the numbers say: curves, and the monitor's findings in words.
import type { FindingKind } from '@gankit/core';
import type { Finding } from '../protocol.ts';
import { Curves, type Series } from './curves.tsx';
import { games, type ShownGame } from './store.ts';

const losses: readonly Series[] = [
  { curve: 'discriminatorLoss', label: 'D', colour: 0 },
  { curve: 'generatorLoss', label: 'G', colour: 1 },
];
const scores: readonly Series[] = [
  { curve: 'realScore', label: 'D(x)', colour: 0 },
  { curve: 'fakeScore', label: 'D(G(z))', colour: 1 },
  { curve: 'accuracy', label: 'right', colour: 2 },
];
/** What there is instead where outputs are no log-odds. */
const outputs: readonly Series[] = [
  { curve: 'realOutput', label: 'real', colour: 0 },
  { curve: 'fakeOutput', label: 'generated', colour: 1 },
];
const accuracyAlone: readonly Series[] = scores.slice(2);
const shares: readonly Series[] = [
  { curve: 'highQualityShare', label: 'on a mode', colour: 2 },
  { curve: 'reverseKl', label: 'reverse KL', colour: 3 },
];
const modes: readonly Series[] = [{ curve: 'modesFound', label: 'found', colour: 2 }];

const titles: Readonly<Record<FindingKind | 'rollback', string>> = {
  equilibrium: 'Equilibrium',
  'feedback-useless': 'The feedback is useless',
  'discriminator-too-strong': 'The discriminator is too strong',
  'mode-collapse': 'Modes collapsed',
  divergence: 'Diverged',
  rollback: 'Went back',
};

function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return <p class="quiet">Nothing to report so far.</p>;
  return (
    <ol class="findings">
      {findings
        .slice(-6)
        .reverse()
        .map(({ step, finding, reason }) => (
          <li key={`${step}-${finding}`}>
            <strong>{titles[finding]}</strong> <small>step {step.toLocaleString('en')}</small>
            <p>{reason}</p>
          </li>
        ))}
    </ol>
  );
}

function Swaps({ game }: { readonly game: ShownGame }) {
  if (game.swaps.length === 0) return null;
  return (
    <p class="quiet">
      Swapped:{' '}
      {game.swaps
        .slice(-5)
        .map(({ step, changed }) => `${changed.join(', ')} after step ${step.toLocaleString('en')}`)
        .join('; ')}
      .
    </p>
  );
}

export function Readings({ names }: { readonly names: readonly string[] }) {
  const shown = games.value;
  const [first] = shown;
  if (first === undefined) return <section class="readings" aria-busy="true" aria-label="Numbers" />;
  const hasLine = shown.some(({ curves }) => curves.slice(-4).some(({ accuracy }) => Number.isFinite(accuracy)));
  const withScores = shown.some(({ probabilities }) => probabilities);
  return (
    <section class="readings" aria-label="Numbers">
      {shown.length > 1 && (
        <p class="quiet">
          Solid: {names[0]}. Dashed: {names[1]}.
        </p>
      )}
      <Curves title="Losses" series={losses} games={shown} names={names} />
      {withScores ? (
        <Curves title="What D says" series={scores} games={shown} names={names} range={[0, 1]} />
      ) : (
        <>
          <Curves title="What D puts out" series={outputs} games={shown} names={names} />
          {hasLine && <Curves title="D is right" series={accuracyAlone} games={shown} names={names} range={[0, 1]} />}
        </>
      )}
      {first.modes !== undefined && (
        <>
          <Curves
            title={`Modes, of ${first.modes}`}
            series={modes}
            games={shown}
            names={names}
            range={[0, first.modes]}
            counts
          />
          <Curves title="Distance to the data" series={shares} games={shown} names={names} />
        </>
      )}
      <h2>The monitor says</h2>
      <div aria-live="polite">
        {shown.map((game, index) => (
          <div key={index}>
            {shown.length > 1 && <h3>{names[index]}</h3>}
            <FindingList findings={game.findings} />
            <Swaps game={game} />
          </div>
        ))}
      </div>
    </section>
  );
}
