// A longer run of one setting that is meant to find every mode: relativistic pairing with R1 and R2, as R3GAN. Three seeds on
// ring and grid, against the targets: every mode, 95 % high quality, reverse KL at most 0.07 (ring) and 0.04 (grid).
//
//   npx tsx scripts/losses-coverage.ts                         both data sets, seeds 1 to 3
//   npx tsx scripts/losses-coverage.ts --data grid --seeds 1   a part of it
import { parseArgs } from 'node:util';
import { selectBackend } from '@gankit/backends';
import { runSetting, type Setting } from './losses-experiment.ts';

const common = {
  loss: { name: 'relativistic-pairing' },
  penalties: ['r1', 'r2'].map((name) => ({ name, options: { gamma: 0.01, interval: 4 } })),
  batchSize: 128,
  latentSize: 2,
  generatorHidden: [128, 128, 128, 128],
  discriminatorHidden: [128, 128, 128],
  learningRate: 1e-3,
  decayFrom: 0.3,
  beta1: 0,
  beta2: 0.99,
} as const;

const settings: readonly (Setting & { readonly largestReverseKl: number })[] = [
  { ...common, data: 'ring', steps: 16000, largestReverseKl: 0.07 },
  { ...common, data: 'grid', steps: 30000, largestReverseKl: 0.04 },
];

const { values: flags } = parseArgs({
  options: { data: { type: 'string', default: 'ring,grid' }, seeds: { type: 'string', default: '1,2,3' } },
});
const { backend } = await selectBackend();
console.log(`backend ${backend}, ${JSON.stringify(common)}`);

let missed = 0;
for (const setting of settings.filter(({ data }) => flags.data.split(',').includes(data))) {
  for (const seed of flags.seeds.split(',').map(Number)) {
    const { modesFound, modes, highQualityShare, reverseKl, seconds } = await runSetting(setting, seed);
    const reached = modesFound === modes && highQualityShare >= 0.95 && reverseKl <= setting.largestReverseKl;
    if (!reached) missed++;
    console.log(
      `${setting.data}, seed ${seed}: ${modesFound} of ${modes} modes, ${(100 * highQualityShare).toFixed(1)} % high quality, ` +
        `reverse KL ${reverseKl.toFixed(3)}, ${setting.steps} steps in ${seconds.toFixed(0)} s: ${reached ? 'reached' : 'missed'}`,
    );
  }
}
process.exitCode = missed === 0 ? 0 : 1;
