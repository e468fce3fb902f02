// One checkpoint as a folder: state.safetensors, checkpoint.json, and SHA256SUMS, which `sha256sum -c` reads.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors, encodeSafetensors, GanKitError, type Json, type State } from '@gankit/core';
import { writeFileAtomically } from '@gankit/core/node';

const format = 'gankit-checkpoint';
const formatVersion = 1;
const tensorsName = 'state.safetensors';
const documentName = 'checkpoint.json';
const sumsName = 'SHA256SUMS';

/** What a checkpoint holds. */
export interface Checkpoint {
  readonly step: number;
  readonly state: State;
  /** What the run was configured with, as its program gave it. */
  readonly configuration: Json;
  /** The metric that the checkpoint is judged by, when there is one. */
  readonly metric?: number | undefined;
}

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Writes the three files into an empty folder. @throws GanKitError `file`. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { step, state, configuration, metric } = checkpoint;
  const document = {
    format,
    version: formatVersion,
    step,
    ...(metric === undefined ? {} : { metric }),
    configuration,
    values: state.values ?? {},
  };
  const files: readonly [name: string, bytes: Uint8Array][] = [
    [tensorsName, encodeSafetensors(state.tensors ?? {})],
    [documentName, new TextEncoder().encode(`${JSON.stringify(document, undefined, 1)}\n`)],
  ];
  for (const [name, bytes] of files) await writeFileAtomically(join(folder, name), bytes);
  await writeFileAtomically(join(folder, sumsName), files.map(([name, bytes]) => `${sum(bytes)}  ${name}\n`).join(''));
}

function damaged(folder: string, why: string, cause?: unknown): GanKitError {
  return new GanKitError('invalid-data', `The checkpoint '${folder}' is damaged (${why}).`, { path: folder, cause });
}

async function readPart(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    throw damaged(folder, `its ${name} cannot be read: ${(cause as Error).message}`, cause);
  }
}

/**
 * Reads a checkpoint and compares every file with its checksum first.
 * @throws GanKitError `invalid-data` when a file is missing, damaged or of another format.
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const sums = new TextDecoder().decode(await readPart(folder, sumsName));
  const files: Record<string, Uint8Array> = {};
  for (const name of [tensorsName, documentName]) {
    const bytes = await readPart(folder, name);
    if (!sums.includes(`${sum(bytes)}  ${name}\n`)) throw damaged(folder, `the checksum of ${name} is wrong`);
    files[name] = bytes;
  }
  let document: {
    format?: Json | undefined;
    version?: Json | undefined;
    step?: Json | undefined;
    metric?: Json | undefined;
    configuration?: Json | undefined;
    values?: Json | undefined;
  };
  try {
    document = JSON.parse(new TextDecoder().decode(files[documentName]));
  } catch (cause) {
    throw damaged(folder, `${documentName} is not JSON`, cause);
  }
  const { step, metric, configuration = null, values } = document;
  if (document.format !== format || document.version !== formatVersion || typeof step !== 'number') {
    throw damaged(folder, `${documentName} is not version ${formatVersion} of a checkpoint`);
  }
  const { tensors } = decodeSafetensors(files[tensorsName]!, join(folder, tensorsName));
  const state = { tensors, values: (values ?? {}) as Readonly<Record<string, Json>> };
  return { step, state, configuration, ...(typeof metric === 'number' ? { metric } : {}) };
}
