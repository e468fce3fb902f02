import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Json, type Stateful, saveParts, type TrainingEvent, type TrainingRun } from '@gankit/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Checkpoints, checkpointEvery } from './checkpoints.ts';
import { configurationDifferences } from './configuration-differences.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A part that holds one number, as a tensor and as a value. */
function part(value: number): Stateful & { value: number } {
  return {
    value,
    async saveState() {
      const data = Float32Array.of(this.value, 1);
      return { tensors: { w: { shape: [2], dtype: 'float32', data } }, values: { value: this.value } };
    },
    loadState({ tensors, values }) {
      expect(tensors!['w']!.data[0]).toBe(Math.fround(values!['value'] as number));
      this.value = values!['value'] as number;
    },
  };
}

const event = (step: number): TrainingEvent => ({
  type: 'step',
  step,
  realSamples: 1,
  discriminatorUpdates: 1,
  generatorUpdates: 1,
  samplesSeen: step,
});

async function saved(options: { keepLast?: number; keepBest?: 'lowest' | 'highest' }, metrics: readonly number[]) {
  const checkpoints = await Checkpoints.open({ folder, ...options });
  for (const [index, metric] of metrics.entries()) await checkpoints.save(index + 1, { game: part(index) }, metric);
  return checkpoints;
}

test('keeps the last ones, and the best one besides, also over a restart', async () => {
  expect(await (await saved({ keepLast: 2 }, [5, 4, 3, 2])).steps()).toEqual([3, 4]);
  await rm(folder, { recursive: true });
  expect(await (await saved({ keepLast: 2, keepBest: 'lowest' }, [5, 1, 3, 2, 4])).steps()).toEqual([2, 4, 5]);
  const reopened = await Checkpoints.open({ folder, keepLast: 2, keepBest: 'lowest' });
  await reopened.save(6, { game: part(6) }, 3);
  expect(await reopened.steps()).toEqual([2, 5, 6]);
  await reopened.save(7, { game: part(7) }, 0.5);
  expect(await reopened.steps()).toEqual([6, 7]);
});

test('a look touches nothing of what another process writes, and finds the newest', async () => {
  await saved({}, [1, 2, 3]);
  // Just being written, and just being replaced: what a live run has there.
  await mkdir(join(folder, '.step-00000004.partial'));
  await rename(join(folder, 'step-00000003'), join(folder, '.step-00000003.replaced'));
  const before = (await readdir(folder)).sort();
  const looked = await Checkpoints.look(folder);
  expect(await looked.steps()).toEqual([1, 2, 3]);
  expect((await looked.latest())?.step).toBe(3);
  expect((await readdir(folder)).sort()).toEqual(before);
  await expect(Checkpoints.look(join(folder, 'nowhere'))).rejects.toThrow('cannot be read');
  // Whoever may write there clears up.
  expect((await (await Checkpoints.open({ folder })).latest())?.step).toBe(3);
  expect((await readdir(folder)).sort()).toEqual(['step-00000001', 'step-00000002', 'step-00000003']);
});

test('what is saved is restored, and the checksums are those of sha256sum', async () => {
  const checkpoints = await saved({}, [1, 2]);
  const game = part(-1);
  expect(await checkpoints.restore({ game })).toEqual({ step: 2, passedOver: [] });
  expect(game.value).toBe(1);
  expect(await readdir(checkpoints.pathOf(2))).toEqual(['SHA256SUMS', 'checkpoint.json', 'state.safetensors']);
  expect(await readFile(join(checkpoints.pathOf(2), 'SHA256SUMS'), 'utf8')).toMatch(
    /^[0-9a-f]{64} {2}state\.safetensors\n[0-9a-f]{64} {2}checkpoint\.json\n$/,
  );
  expect(await (await Checkpoints.open({ folder: join(folder, 'empty') })).restore({ game })).toBeUndefined();
});

test('a checkpoint with any byte changed is passed over for the one before', async () => {
  const checkpoints = await saved({}, [1, 2]);
  const untouched = `${folder}-untouched`;
  await cp(checkpoints.pathOf(2), untouched, { recursive: true });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('state.safetensors', 'checkpoint.json', 'SHA256SUMS'),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (name, position, change, cut) => {
        const path = join(checkpoints.pathOf(2), name);
        const bytes = await readFile(path);
        const at = position % bytes.length;
        const changed = Uint8Array.from(cut ? bytes.subarray(0, at) : bytes);
        if (!cut) changed[at]! ^= change;
        await writeFile(path, changed);
        const game = part(-1);
        const { step, passedOver } = (await checkpoints.restore({ game }))!;
        expect(step).toBe(1);
        expect(game.value).toBe(0);
        expect(passedOver[0]!.reason).toContain('is damaged');
        await cp(join(untouched, name), path);
      },
    ),
    { numRuns: 40 },
  );
  await rm(untouched, { recursive: true });
});

test('when every checkpoint is damaged, one sentence says so', async () => {
  const checkpoints = await saved({}, [1]);
  await rm(join(checkpoints.pathOf(1), 'SHA256SUMS'));
  await expect(checkpoints.restore({ game: part(0) })).rejects.toThrow(/is damaged .* No older one can be used either/);
});

test('what a killed process left is removed, and a replacement in the middle is undone', async () => {
  const checkpoints = await saved({}, [1, 2]);
  const at = (name: string) => join(folder, name);
  await cp(checkpoints.pathOf(2), at('.step-00000003.partial'), { recursive: true });
  await cp(checkpoints.pathOf(2), at('.step-00000001.replaced'), { recursive: true });
  await cp(checkpoints.pathOf(2), at('.step-00000004.replaced'), { recursive: true });
  await cp(checkpoints.pathOf(2), at('notes'), { recursive: true });
  const reopened = await Checkpoints.open({ folder });
  expect((await readdir(folder)).sort()).toEqual(['notes', 'step-00000001', 'step-00000002', 'step-00000004']);
  expect(await reopened.steps()).toEqual([1, 2, 4]);
});

test('another configuration is refused with the difference, and nothing is loaded', async () => {
  const configuration = { model: { width: 32, name: 'dcgan' }, losses: ['r1'], seed: 1 };
  const first = await Checkpoints.open({ folder, configuration });
  await first.save(1, { game: part(1) });
  const changed: Json = { model: { width: 64, name: 'dcgan' }, losses: ['r1', 'r2'], steps: 5 };
  const game = part(-1);
  const other = await Checkpoints.open({ folder, configuration: changed });
  await expect(other.restore({ game })).rejects.toThrow(
    'model.width was 32 and is now 64; losses was ["r1"] and is now ["r1","r2"]; seed was 1 and is now absent; steps was absent and is now 5. Resume with the saved one, or start a new run.',
  );
  expect(game.value).toBe(-1);
  expect(configurationDifferences(configuration, structuredClone(configuration))).toEqual([]);
});

test('a state that is not finite is not saved', async () => {
  const checkpoints = await saved({}, [1]);
  expect(await checkpoints.save(2, { game: part(Number.NaN) })).toBe(false);
  expect(await checkpoints.steps()).toEqual([1]);
});

test('a folder that cannot be written is one sentence', async () => {
  const checkpoints = await saved({}, [1]);
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file where the folder was');
  await expect(checkpoints.save(3, { game: part(1) })).rejects.toThrow(
    /The checkpoint of step 3 cannot be written to '[^']+' \(E[A-Z]+: [^()]+\); the earlier ones are intact/,
  );
});

describe('checkpointEvery', () => {
  const run = (step: number, parts = { game: part(1) }): TrainingRun => ({
    step,
    parts,
    stop() {},
    saveState: () => saveParts(parts),
  });

  test('goes on from the newest checkpoint when a run begins at step 0, unless it is told not to', async () => {
    const checkpoints = await Checkpoints.open({ folder, keepLast: 9 });
    await checkpoints.save(4, { game: part(7) });
    const game = part(1);
    await checkpointEvery({ checkpoints, every: 2, resume: false }).begin(run(0, { game }));
    await checkpointEvery({ checkpoints, every: 2 }).begin(run(3, { game }));
    expect(game.value).toBe(1);
    const resumed: number[] = [];
    const onResume = ({ step }: { step: number }) => void resumed.push(step);
    await checkpointEvery({ checkpoints, every: 2, onResume }).begin(run(0, { game }));
    expect(game.value).toBe(7);
    expect(resumed).toEqual([4]);
  });

  test('saves at the start, every n steps and at the end, each once', async () => {
    const checkpoints = await Checkpoints.open({ folder, keepLast: 9 });
    let step = 0;
    const callback = checkpointEvery({ checkpoints, every: 2 });
    const tell = (told: TrainingEvent) => callback.onEvent(told, run(step));
    await tell({ type: 'start', step: 0 });
    for (step = 1; step <= 5; step++) await tell(event(step));
    step = 5;
    await tell({ type: 'end', step: 5, reason: 'completed' });
    expect(await checkpoints.steps()).toEqual([0, 2, 4, 5]);
  });

  test('waits until the newest step that was made has been told', async () => {
    const checkpoints = await Checkpoints.open({ folder, keepLast: 9 });
    const callback = checkpointEvery({ checkpoints, every: 2 });
    for (let step = 1; step <= 6; step++) await callback.onEvent(event(step), run(6));
    expect(await checkpoints.steps()).toEqual([6]);
    expect(existsSync(join(folder, 'step-00000006'))).toBe(true);
  });
});
