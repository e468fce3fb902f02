/** Whether the backend can run here, found out by starting it once and letting it go again. */

import * as tf from '@tensorflow/tfjs';
import { OnnxBackend } from './backend.ts';
import { BACKEND_NAME, createBackend } from './register.ts';

export type Availability = { available: true } | { available: false; reason: string };

let known: Availability | undefined;

/**
 * Starts the backend and checks known answers, unless that was done before.
 *
 * @returns whether it works on this machine and, if not, one sentence that says why and what to do.
 */
export function availability(): Availability {
  if (known?.available === true) return known;
  if (OnnxBackend.isInstance(tf.engine().registry[BACKEND_NAME])) return { available: true };
  try {
    createBackend().dispose();
    known = { available: true };
  } catch (error) {
    known = { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
  return known;
}
