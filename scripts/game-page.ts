// Fills docs/game.md with what was measured, between markers, and draws its curves. The words around them are written by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Line, lineChart } from '@gankit/pictures';
import type { Probe, Variant } from './game-experiment.ts';
import { chainerGames, strongGames } from './game-questions.ts';
import type { GameResult, Results } from './game-results.ts';
import { negatives, plainGame, schedules } from './game-variants.ts';

const page = fileURLToPath(new URL('../docs/game.md', import.meta.url));
const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
/** Below it a norm is drawn as this. */
const smallestNorm = 1e-8;
const colours = ['#2457c5', '#c0392b', '#1a7f5a', '#8e44ad'];

type Played = GameResult & Required<Pick<GameResult, 'probes' | 'gradientNorms' | 'findings' | 'millisecondsPerStep'>>;

const gamesOf = (results: Results, name: string) => results.games.filter((game) => game.name === name);
const playedOf = (results: Results, name: string) =>
  gamesOf(results, name).filter((game): game is Played => game.failed === undefined);

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const short = (value: number) => {
  if (value === 0) return '0';
  return value < 1e-3 ? value.toExponential(0) : `${Number(value.toPrecision(2))}`;
};

/** Mean over the seeds, and how far they lie apart. */
function spread(values: readonly number[], digits: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  const mean = meanOf(values).toFixed(digits);
  return low === high ? mean : `${mean} (${low}-${high})`;
}

/** The mean of the first and of the last tenth of what was watched. */
function earlyAndLate(norms: Played['gradientNorms']): readonly [number, number] {
  const tenth = Math.max(1, Math.round(norms.length / 10));
  const of = (part: Played['gradientNorms']) => meanOf(part.map(([, norm]) => norm));
  return [of(norms.slice(0, tenth)), of(norms.slice(-tenth))];
}

/** In how many of the games each finding was made, and when first. */
function findingsOf(games: readonly Played[]): string {
  const kinds = [...new Set(games.flatMap(({ findings }) => findings.map(({ finding }) => finding)))].sort();
  const told = kinds.map((kind) => {
    const first = games.flatMap(({ findings }) => findings.find(({ finding }) => finding === kind)?.step ?? []);
    const [low, high] = [Math.min(...first), Math.max(...first)];
    return `${kind} in ${first.length} of ${games.length} (step ${low === high ? low : `${low}-${high}`})`;
  });
  return told.join(', ') || 'nothing';
}

const tableHead = [
  '| game | steps | modes found | high quality, % | reverse KL | D right on what G makes, % | on real, % | gradient of G, early -> late | cost of a step | the monitor said |',
  '|---|---|---|---|---|---|---|---|---|---|',
];

function tableRow(results: Results, { name }: Variant): string {
  const all = gamesOf(results, name);
  const games = playedOf(results, name);
  const label = name === plainGame ? `**${name}**, the generator's own samples` : name;
  if (all.length === 0) return `| ${label} | not run | | | | | | | | |`;
  if (games.length === 0) return `| ${label} | ${all.length} diverged | | | | | | | | |`;
  const last = games.map(({ probes }) => probes.at(-1)!);
  const of = (read: (probe: Probe) => number, digits: number) => spread(last.map(read), digits);
  const norms = games
    .filter(({ gradientNorms }) => gradientNorms.length > 0)
    .map((game) => earlyAndLate(game.gradientNorms));
  return `| ${[
    `${label}${games.length < all.length ? ` (${all.length - games.length} diverged)` : ''}`,
    spread(
      games.map(({ steps }) => steps!),
      0,
    ),
    of((probe) => probe.modesFound, 1),
    of((probe) => 100 * probe.highQualityShare, 0),
    of((probe) => probe.reverseKl, 2),
    of((probe) => 100 * probe.accuracyOnFakes, 0),
    of((probe) => 100 * probe.accuracyOnReal, 0),
    norms.length === 0
      ? 'not watched'
      : `${short(meanOf(norms.map(([early]) => early)))} -> ${short(meanOf(norms.map(([, late]) => late)))}`,
    name === plainGame ? '1.0' : (results.costs?.[name]?.toFixed(1) ?? 'not measured'),
    findingsOf(games),
  ].join(' | ')} |`;
}

function table(results: Results, games: readonly Variant[]): string {
  return [...tableHead, ...games.map((game) => tableRow(results, game))].join('\n');
}

function setup({ backend, settings }: Results): string {
  const { updates, batchSize, latentSize, hidden, learningRate, beta1, beta2, decayFrom, judgedSamples } = settings;
  return (
    `Backend ${backend}, one thread. Every game makes ${updates.toLocaleString('en')} updates of the two players together, with batches of ${batchSize}: ` +
    `${updates / 2} steps with one update each, fewer steps where a step holds more updates. Generator ${latentSize} (normal) - ${hidden.join(' - ')} - 2 ` +
    `with ReLU, discriminator 2 - ${hidden.join(' - ')} - 1 with leaky ReLU, non-saturating loss, no penalty, Adam ${learningRate} with beta1 ${beta1} and beta2 ${beta2}, ` +
    `the rate going to 0 over the last ${100 * (1 - decayFrom)} % of the updates. Judged on ${judgedSamples.toLocaleString('en')} samples at the end. ` +
    'Mean over three seeds (least-greatest).'
  );
}

/** The mean of a number over the games at each probe. */
function probeCurve(
  games: readonly { readonly probes: readonly Probe[] }[],
  read: (probe: Probe) => number,
  perStep = 1,
) {
  const count = Math.min(...games.map(({ probes }) => probes.length));
  return Array.from({ length: count }, (_, index): [number, number] => [
    games[0]!.probes[index]!.step * perStep,
    meanOf(games.map(({ probes }) => read(probes[index]!))),
  ]);
}

function rangeOf(lines: readonly Line[]): readonly [number, number] {
  const ys = lines.flatMap(({ points }) => points.map(([, y]) => y));
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const margin = 0.05 * (high - low || 1);
  return [low - margin, high + margin];
}

/** log10 of the norms, the mean over the games. */
function normCurve(games: readonly Played[]): [number, number][] {
  const count = Math.min(...games.map(({ gradientNorms }) => gradientNorms.length));
  return Array.from({ length: count }, (_, index): [number, number] => {
    const points = games.map(({ gradientNorms }) => gradientNorms[index]!);
    return [points[0]![0], meanOf(points.map(([, norm]) => Math.log10(Math.max(norm, smallestNorm))))];
  });
}

function strong(results: Results): string {
  const lines = (points: (games: readonly Played[]) => [number, number][]) =>
    strongGames.flatMap(({ name }, index): Line[] => {
      const games = playedOf(results, name);
      if (games.length === 0) return [];
      const label = name.replace(', D ahead and learning', '').replace('D ahead and', 'D');
      return [{ label, colour: colours[index]!, points: points(games), dashed: name.endsWith('frozen') }];
    });
  const norms = lines((games) => normCurve(games));
  const shares = lines((games) =>
    games[0]!.probes.map((probe, index): [number, number] => [
      probe.updates,
      meanOf(games.map(({ probes }) => 100 * probes[index]!.accuracyOnFakes)),
    ]),
  );
  if (norms.length > 0) {
    writeFileSync(
      `${images}game-strong-discriminator.svg`,
      lineChart([
        { title: "log10 of the generator's gradient norm", xLabel: 'updates', lines: norms, yRange: rangeOf(norms) },
        { title: 'D right on what G makes, %', xLabel: 'updates', lines: shares, yRange: [-5, 105] },
      ]),
    );
  }
  const rows = strongGames.map(({ name }) => {
    const games = playedOf(results, name);
    if (games.length === 0) return `| ${name} | not run | | | | |`;
    const norm = (share: number) => {
      const norms = games.flatMap(({ gradientNorms: all }) => {
        return all[Math.min(all.length - 1, Math.floor(share * all.length))]?.[1] ?? [];
      });
      return norms.length === 0 ? 'not watched' : short(meanOf(norms));
    };
    const last = games.map(({ probes }) => probes.at(-1)!);
    return `| ${[
      name,
      `${norm(0)}, ${norm(0.05)}, ${norm(0.5)}, ${norm(1)}`,
      spread(
        last.map(({ modesFound }) => modesFound),
        1,
      ),
      spread(
        last.map(({ reverseKl }) => reverseKl),
        2,
      ),
      spread(
        last.map(({ accuracyOnFakes }) => 100 * accuracyOnFakes),
        0,
      ),
      findingsOf(games),
    ].join(' | ')} |`;
  });
  return [
    '| game | gradient norm of G after 0 to 2.5 %, 5 %, 50 % and 100 % of its updates | modes found | reverse KL | D right on what G makes at the end, % | the monitor said |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function chainer(results: Results): string {
  const curves = chainerGames.flatMap(({ name }, index) => {
    const games = playedOf(results, name);
    return games.length === 0 ? [] : [{ label: name.split(',')[0]!, colour: colours[index]!, games }];
  });
  if (curves.length > 0) {
    const lines = (read: (probe: Probe) => number) =>
      curves.map(({ label, colour, games }): Line => ({ label, colour, points: probeCurve(games, read) }));
    const quality = lines((probe) => 100 * probe.highQualityShare);
    const modes = lines((probe) => probe.modesFound);
    writeFileSync(
      `${images}game-simultaneous.svg`,
      lineChart([
        { title: 'modes found', xLabel: 'steps', lines: modes, yRange: [-0.3, 8.5] },
        { title: 'high quality, %', xLabel: 'steps', lines: quality, yRange: rangeOf(quality) },
      ]),
    );
  }
  return table(results, chainerGames);
}

function long(results: Results): string {
  const games = results.long;
  if (games.length === 0) return 'Not run.';
  const distance = games.map(
    (game, index): Line => ({
      label: `seed ${game.seed}`,
      colour: colours[index]!,
      points: game.probes.map((probe) => [probe.step, probe.distance]),
    }),
  );
  const accuracy = games.map(
    (game, index): Line => ({
      label: `seed ${game.seed}`,
      colour: colours[index]!,
      points: game.probes.map((probe) => [probe.step, (100 * (probe.accuracyOnReal + probe.accuracyOnFakes)) / 2]),
    }),
  );
  writeFileSync(
    `${images}game-past-half.svg`,
    lineChart([
      { title: 'distance to the data (0 is best)', xLabel: 'steps', lines: distance, yRange: [-0.03, 1.03] },
      { title: "D's accuracy, %", xLabel: 'steps', lines: accuracy, yRange: [35, 105] },
    ]),
  );
  const at = (game: (typeof games)[number], step: number | undefined) => {
    if (step === undefined) return 'never';
    const probe = game.probes.find((candidate) => candidate.step >= step) ?? game.probes.at(-1)!;
    return `${probe.distance.toFixed(2)} (step ${step})`;
  };
  return [
    '| seed | distance when the monitor said equilibrium | at the stop (no better for 1,000 steps) | best of the run | best generator, judged again | at the end |',
    '|---|---|---|---|---|---|',
    ...games.map((game) => {
      const balanced = game.findings.find(({ finding }) => finding === 'equilibrium')?.step;
      const end = game.probes.at(-1)!;
      return `| ${[
        game.seed,
        at(game, balanced),
        at(game, game.stoppedAt),
        `${game.best.value.toFixed(2)} (step ${game.best.step})`,
        `${game.bestAgain.distance.toFixed(2)}, ${game.bestAgain.modesFound} modes`,
        `${end.distance.toFixed(2)}, ${end.modesFound} modes (step ${end.step})`,
      ].join(' | ')} |`;
    }),
  ].join('\n');
}

function attribution({ attribution: measured }: Results): string {
  if (measured === undefined) return 'Not run.';
  const names = measured.moments[0]!.layers.map(({ name }) => name);
  return [
    `| after step | L_G | norm over all pixels | ${names.map((name) => name.replace(/^\d+\./, '')).join(' | ')} |`,
    `|---|---|---|${names.map(() => '---|').join('')}`,
    ...measured.moments.map(({ step, loss, gradientNorm, layers }) => {
      const shares = layers.map(({ share }) => `${short(100 * share)} %`);
      return `| ${step} | ${loss.toFixed(2)} | ${short(gradientNorm)} | ${shares.join(' | ')} |`;
    }),
  ].join('\n');
}

/** Writes the page's parts that come from measurements. */
export function renderPage(results: Results): void {
  const parts: Readonly<Record<string, string>> = {
    setup: setup(results),
    schedules: table(results, schedules),
    negatives: table(results, [schedules[0]!, ...negatives]),
    strong: strong(results),
    chainer: chainer(results),
    long: long(results),
    attribution: attribution(results),
  };
  let text = readFileSync(page, 'utf8');
  for (const [name, part] of Object.entries(parts)) {
    const [opening, closing] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
    const [before, rest] = text.split(opening);
    const after = rest?.split(closing)[1];
    if (before === undefined || after === undefined) throw new Error(`docs/game.md has no markers of '${name}'.`);
    text = `${before}${opening}\n${part}\n${closing}${after}`;
  }
  writeFileSync(page, text);
}
