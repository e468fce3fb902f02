// What the bytes of a run depend on besides its configuration.
import { cpus } from 'node:os';
import type { SelectedBackend } from '@gankit/backends';
import type { Json } from '@gankit/core';
import { configurationDifferences } from '@gankit/trainer/node';
import * as tf from '@tensorflow/tfjs';

/** What a run was made with besides its configuration. Plain JSON. */
export interface Environment {
  readonly backend: string;
  readonly node: string;
  readonly tfjs: string;
  /** Architecture and model of the processor: its features decide which kernels are used. */
  readonly processor?: string | undefined;
  /** Threads of the native backend: sums are split among them, so their number decides the last bits. */
  readonly threads?: number | undefined;
  /** Version of the native backend's runtime. */
  readonly runtime?: string | undefined;
  /** Processes that share every batch: sums are split among them, too. */
  readonly ranks?: number | undefined;
}

/** What the process that asks would train with. */
export function currentEnvironment({ backend, details }: SelectedBackend, ranks = 1): Environment {
  return {
    backend,
    node: process.versions.node,
    tfjs: tf.version_core,
    processor: `${process.arch} ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    ranks,
    ...details,
  };
}

/** In what the two differ; what an older version did not record is passed over. */
export function environmentDifferences(saved: Environment, now: Environment): string[] {
  const recorded = Object.entries(now).filter(([name]) => Object.hasOwn(saved, name));
  return configurationDifferences({ ...saved } as unknown as Json, Object.fromEntries(recorded) as Json);
}
