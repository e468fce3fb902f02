// `gankit info`: which backend a run would use here and why, and whether it computes right.
import { type BackendName, checkBackend, formatBackendReport, selectBackend } from '@gankit/backends';
import * as tf from '@tensorflow/tfjs';
import { exitCodes } from '../report-error.ts';
import { writeJson } from '../say.ts';

export interface InfoOptions {
  readonly backend?: string | undefined;
  readonly json?: boolean | undefined;
}

/** @returns The exit code: 0 when the backend is fit for training, 1 when it computes wrong numbers. */
export async function info({ backend, json }: InfoOptions): Promise<number> {
  const selected = await selectBackend(
    backend === undefined ? {} : { prefer: backend as BackendName, fallback: false },
  );
  const report = await checkBackend();
  const versions = { node: process.versions.node, tfjs: tf.version_core };
  if (json) {
    writeJson({ ...selected, versions, report });
  } else {
    const refused = selected.tried.map(({ name, refused }) => `  ${name} was passed over: ${refused}\n`).join('');
    process.stdout.write(
      `Node ${versions.node}, TensorFlow.js ${versions.tfjs}, backend ${selected.backend}\n${refused}`,
    );
    process.stdout.write(`${formatBackendReport(report)}\n`);
  }
  return report.fit ? exitCodes.success : exitCodes.failure;
}
