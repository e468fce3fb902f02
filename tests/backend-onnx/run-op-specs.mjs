// Runs tfjs-core's specs on one backend: `node run-op-specs.mjs onnx [name filter]`. Prints one line of JSON:
// { passed: number, failed: { name, message }[], names: string[] of those that passed }.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import Jasmine from 'jasmine';

const [backend = 'onnx', filter = ''] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
// Beside the package's dependencies, so that the backend in the bundle finds koffi and onnxruntime-node.
const cache = join(here, '../../packages/backend-onnx/node_modules/.cache');
const bundle = join(cache, `op-specs-${process.pid}.mjs`);

mkdirSync(cache, { recursive: true });
await build({
  entryPoints: [join(here, 'op-specs-entry.mjs')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  // The specs' modules are marked free of side effects, which is not so.
  ignoreAnnotations: true,
  alias: { '@tensorflow/tfjs': join(here, 'tfjs-for-op-specs.mjs') },
  banner: {
    js: "import { createRequire as bannerRequire } from 'node:module'; const require = bannerRequire(import.meta.url);",
  },
  logLevel: 'error',
});

process.env.OP_SPECS_BACKEND = backend;
// What the specs print belongs to them; the result alone goes to standard output.
console.log = console.warn = console.info = () => {};
const result = { passed: 0, failed: [], names: [] };
const jasmine = new Jasmine({ projectBaseDir: here });
jasmine.clearReporters();
jasmine.addReporter({
  specDone(spec) {
    if (spec.status === 'passed') {
      result.passed += 1;
      result.names.push(spec.fullName);
    } else if (spec.status === 'failed') {
      result.failed.push({ name: spec.fullName, message: spec.failedExpectations[0]?.message ?? '' });
    }
  },
});
jasmine.configureDefaultReporter({ print: () => {} });
jasmine.exitOnCompletion = false;
jasmine.env.configure({ random: false });
jasmine.addSpecFile(bundle);
try {
  await jasmine.execute(undefined, filter === '' ? undefined : filter);
} finally {
  rmSync(bundle, { force: true });
}
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
