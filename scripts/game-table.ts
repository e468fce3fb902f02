// The measurements of docs/game.md. Results are kept in docs/game-results.json, so that an interrupted run goes on.
//
//   npx tsx scripts/game-table.ts                                  everything that is missing, seeds 1 to 3
//   npx tsx scripts/game-table.ts --part schedules,negatives       a part: schedules, negatives, strong, attribution, chainer, long, costs
//   npx tsx scripts/game-table.ts --only "pure noise" --seeds 1    one game
//   npx tsx scripts/game-table.ts --render                         writes page and pictures again without playing
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { selectBackend } from '@gankit/backends';
import { common, playGame, type Variant } from './game-experiment.ts';
import { renderPage } from './game-page.ts';
import { attributeGradients, chainerGames, playLongGame, strongGames } from './game-questions.ts';
import { comparable, emptyResults, type Results, shortened } from './game-results.ts';
import { negatives, plainGame, schedules } from './game-variants.ts';

const resultsFile = fileURLToPath(new URL('../docs/game-results.json', import.meta.url));

const { values: flags } = parseArgs({
  options: {
    part: { type: 'string', default: 'schedules,negatives,strong,attribution,chainer,long,costs' },
    only: { type: 'string' },
    seeds: { type: 'string', default: '1,2,3' },
    render: { type: 'boolean', default: false },
  },
});
const parts = new Set(flags.part.split(','));
const seeds = flags.seeds.split(',').map(Number);

function load(): Results {
  if (!existsSync(resultsFile)) return emptyResults(common);
  const saved = JSON.parse(readFileSync(resultsFile, 'utf8')) as Results;
  return comparable(saved, common) ? saved : emptyResults(common);
}
const results = load();

/** Beside its place first: a run that is killed while it writes loses nothing. */
function save(): void {
  writeFileSync(`${resultsFile}.partial`, `${JSON.stringify(results)}\n`);
  renameSync(`${resultsFile}.partial`, resultsFile);
}

async function playAll(part: string, games: readonly Variant[], probesKept = 1): Promise<void> {
  if (!parts.has(part)) return;
  for (const seed of seeds) {
    for (const game of games) {
      if (flags.only !== undefined && game.name !== flags.only) continue;
      if (results.games.some(({ name, seed: known }) => name === game.name && known === seed)) continue;
      try {
        results.games.push({ name: game.name, seed, ...shortened(await playGame(game, seed), probesKept) });
      } catch (error) {
        results.games.push({ name: game.name, seed, failed: error instanceof Error ? error.message : String(error) });
      }
      save();
      const { probes = [], ...rest } = results.games.at(-1)!;
      console.log(
        game.name,
        seed,
        JSON.stringify({ ...probes.at(-1), ms: rest.millisecondsPerStep, failed: rest.failed }),
      );
    }
  }
}

/** Short games, each in turn with the plain one; the median of the ratios. */
async function measureCosts(): Promise<Record<string, number>> {
  const [short, rounds] = [{ times: 0.05 }, 1];
  const costs: Record<string, number> = {};
  for (const game of [...schedules, ...negatives]) {
    if (game.name === plainGame) continue;
    const ratios: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      const reference = await playGame({ name: plainGame, ...short }, round);
      const { millisecondsPerStep } = await playGame({ ...game, ...short }, round);
      ratios.push(millisecondsPerStep / reference.millisecondsPerStep);
    }
    costs[game.name] = Number(ratios.sort((a, b) => a - b)[Math.floor(rounds / 2)]!.toFixed(2));
  }
  return costs;
}

if (!flags.render) {
  // One thread, so that several processes do not disturb each other's figures and results do not depend on the machine.
  process.env['GANKIT_ONNX_THREADS'] ??= '1';
  results.backend = (await selectBackend()).backend;
  // Not measured: in the first game of a process the engine's code is still being compiled.
  await playGame({ name: 'warm-up', times: 0.05 }, 1);
  await playAll('schedules', schedules, 4);
  await playAll('negatives', negatives, 4);
  await playAll('strong', strongGames);
  if (parts.has('attribution') && results.attribution === undefined) {
    results.attribution = await attributeGradients();
    save();
    console.log('attribution', JSON.stringify(results.attribution));
  }
  await playAll('chainer', chainerGames);
  if (parts.has('costs') && results.costs === undefined) results.costs = await measureCosts();
  save();
  for (const seed of parts.has('long') ? seeds : []) {
    if (results.long.some((known) => known.seed === seed)) continue;
    const { outcome, ...rest } = await playLongGame(seed);
    results.long.push({ seed, ...rest, ...shortened(outcome) });
    save();
    console.log('long game', seed, JSON.stringify(rest));
  }
}
renderPage(results);
