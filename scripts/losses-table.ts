// The table in docs/losses.md: every loss on the ring of 8 and the grid of 25, several seeds each.
//
//   npx tsx scripts/losses-table.ts                        every loss, seeds 1 to 3; results that are there already are kept
//   npx tsx scripts/losses-table.ts --only hinge,minimax   some of them
//   npx tsx scripts/losses-table.ts --data ring --seeds 1  a part of the runs
//   npx tsx scripts/losses-table.ts --fresh                forgets earlier results
//   npx tsx scripts/losses-table.ts --render               writes the table again without training
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { selectBackend } from '@gankit/backends';
import { losses } from '@gankit/losses/registry';
import { type Outcome, type Part, runSetting, type Setting } from './losses-experiment.ts';

const resultsFile = fileURLToPath(new URL('../docs/losses-results.json', import.meta.url));
const page = fileURLToPath(new URL('../docs/losses.md', import.meta.url));
const [opening, closing] = ['<!-- table: begin -->', '<!-- table: end -->'];

/** The same networks, optimiser and number of steps for every loss. */
const common = {
  steps: 2000,
  batchSize: 128,
  latentSize: 2,
  generatorHidden: [128, 128],
  discriminatorHidden: [128, 128],
  learningRate: 1e-3,
  decayFrom: 0.3,
  beta1: 0.5,
  beta2: 0.99,
} as const satisfies Partial<Setting>;

const r1: Part = { name: 'r1', options: { gamma: 0.01, interval: 4 } };
const r2: Part = { name: 'r2', options: { gamma: 0.01, interval: 4 } };

/** What a loss needs besides the common settings; R1 at every 4th update unless said otherwise. */
const additions: Readonly<Record<string, Partial<Setting>>> = {
  wasserstein: { penalties: [{ name: 'gradient-penalty' }] },
  'relativistic-pairing': { penalties: [r1, r2] },
  'two-class-softmax': { penalties: [] },
  ebgan: { penalties: [{ name: 'pulling-away' }], loss: { name: 'ebgan', options: { margin: 0.1 } } },
  began: { penalties: [] },
  'squared-error': { penalties: [] },
};

interface Result extends Pick<Outcome, 'modesFound' | 'highQualityShare' | 'reverseKl' | 'seconds'> {
  readonly data: Setting['data'];
  readonly loss: string;
  readonly seed: number;
  /** Why there are no numbers. */
  readonly failed?: string;
}

interface Results {
  readonly backend: string;
  readonly settings: typeof common;
  readonly results: Result[];
}

function settingOf(loss: string, data: Setting['data']): Setting {
  return { ...common, data, loss: { name: loss }, penalties: [r1], ...additions[loss] };
}

const describePart = ({ name, options }: Part) =>
  options === undefined
    ? name
    : `${name} (${Object.entries(options)
        .map(([key, value]) => `${key} ${value}`)
        .join(', ')})`;

/** Mean over the seeds, and how far the seeds lie apart. */
function summarise(values: readonly number[], digits: number): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${mean.toFixed(digits)} (${low.toFixed(digits)}-${high.toFixed(digits)})`;
}

function render({ backend, settings, results }: Results): string {
  const rows = losses.names.flatMap((loss) =>
    (['ring', 'grid'] as const).map((data) => {
      const setting = settingOf(loss, data);
      const penalties = (setting.penalties ?? []).map(describePart).join(', ') || 'none';
      const all = results.filter((result) => result.loss === loss && result.data === data);
      const runs = all.filter((result) => result.failed === undefined);
      const name = `| ${describePart(setting.loss)} | ${penalties} | ${data}`;
      if (all.length === 0) return `${name} | not run | | | | |`;
      if (runs.length === 0) return `${name} | ${all.length} diverged | | | | |`;
      const failures = all.length === runs.length ? '' : `, ${all.length - runs.length} diverged`;
      return [
        name,
        `${runs.length}${failures}`,
        summarise(
          runs.map((run) => run.modesFound),
          1,
        ),
        summarise(
          runs.map((run) => 100 * run.highQualityShare),
          1,
        ),
        summarise(
          runs.map((run) => run.reverseKl),
          2,
        ),
        `${summarise(
          runs.map((run) => run.seconds),
          0,
        )} |`,
      ].join(' | ');
    }),
  );
  const { steps, batchSize, latentSize, generatorHidden, discriminatorHidden, learningRate, decayFrom, beta1, beta2 } =
    settings;
  return [
    opening,
    `Backend ${backend}, ${steps} steps of batch ${batchSize}, one update of each player a step; generator ${latentSize} (normal) - ` +
      `${generatorHidden.join(' - ')} - 2 with ReLU, discriminator 2 - ${discriminatorHidden.join(' - ')} - 1 with leaky ReLU (EBGAN and BEGAN: an ` +
      `autoencoder with these layers, one code unit, and the layers mirrored); Adam ${learningRate} with beta1 ${beta1}, beta2 ${beta2}, ` +
      `the rate going to 0 from ${100 * decayFrom} % of the steps on. 2,500 samples a run. Mean over the seeds (least-greatest).`,
    '',
    '| loss | penalties | data | runs | modes found | high quality, % | reverse KL | seconds |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
    closing,
  ].join('\n');
}

function writeTable(results: Results): void {
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 1)}\n`);
  const text = readFileSync(page, 'utf8');
  const [before = '', rest = ''] = text.split(opening);
  const after = rest.split(closing)[1] ?? '';
  writeFileSync(page, `${before}${render(results)}${after}`);
}

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    data: { type: 'string', default: 'ring,grid' },
    seeds: { type: 'string', default: '1,2,3' },
    fresh: { type: 'boolean', default: false },
    render: { type: 'boolean', default: false },
  },
});
const { backend } = await selectBackend();
const kept: Results | undefined =
  existsSync(resultsFile) && !flags.fresh ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Results) : undefined;
const comparable = kept !== undefined && JSON.stringify(kept.settings) === JSON.stringify(common);
const table: Results = { backend, settings: common, results: comparable ? kept.results : [] };
const wanted = flags.only?.split(',') ?? losses.names;

if (!flags.render) {
  for (const seed of flags.seeds.split(',').map(Number)) {
    for (const loss of wanted) {
      for (const data of (['ring', 'grid'] as const).filter((name) => flags.data.split(',').includes(name))) {
        const known = table.results.some((run) => run.loss === loss && run.data === data && run.seed === seed);
        if (known) continue;
        const at = { data, loss, seed };
        try {
          const { modesFound, highQualityShare, reverseKl, seconds } = await runSetting(settingOf(loss, data), seed);
          table.results.push({ ...at, modesFound, highQualityShare, reverseKl, seconds });
        } catch (error) {
          const failed = error instanceof Error ? error.message : String(error);
          table.results.push({ ...at, modesFound: 0, highQualityShare: 0, reverseKl: 0, seconds: 0, failed });
        }
        console.log(JSON.stringify(table.results.at(-1)));
        writeTable(table);
      }
    }
  }
}
writeTable(table);
