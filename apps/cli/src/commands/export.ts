// `gankit export`: a trained generator as an ONNX file, or as a tf.LayersModel.
import { dirname, extname } from 'node:path';
import { selectBackend } from '@gankit/backends';
import { buildConditionalGenerator } from '@gankit/conditional/registry';
import { GanKitError } from '@gankit/core';
import { makeFolder, writeFileAtomically } from '@gankit/core/node';
import { exportOnnx } from '@gankit/models';
import { loadGenerator, saveLayersModel } from '@gankit/models/node';
import { runFolder } from '@gankit/recipes/node';
import { checkFree, checkRun } from '../check-paths.ts';
import { say, writeJson } from '../say.ts';

export interface ExportOptions {
  readonly out: string;
  readonly force?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export async function exportGenerator(run: string, { out, force = false, json }: ExportOptions): Promise<number> {
  checkRun(run);
  if (!['.onnx', ''].includes(extname(out))) {
    throw new GanKitError(
      'invalid-argument',
      `--out must be a .onnx file, or a folder for a tf.LayersModel, not '${out}'.`,
      { value: out },
    );
  }
  checkFree(out, force);
  await selectBackend();
  const { generator, document } = await loadGenerator(runFolder(run).generator, buildConditionalGenerator);
  try {
    if (extname(out) === '') await saveLayersModel(out, generator);
    else {
      const { classes } = document.specification;
      const told = generator.needs?.includes('class') && classes !== undefined;
      const bytes = await exportOnnx(generator, told ? { labels: { classes } } : {});
      await makeFolder(dirname(out));
      await writeFileAtomically(out, bytes);
    }
  } finally {
    generator.dispose();
  }
  say(`${generator.name}: ${out}`);
  if (json) writeJson({ out, generator: generator.name });
  return 0;
}
