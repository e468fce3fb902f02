// A sweep as an Indexed Job of Kubernetes: a manifest, plain data, for `kubectl apply -f -`.
import { GanKitError } from '@gankit/core';
import type { PlannedSweep } from '../trial.ts';
import { type EngineOptions, tasksOf } from './tasks.ts';

export interface KubernetesOptions extends EngineOptions {
  /** The name of the job: lower case, digits and hyphens. */
  readonly name: string;
  /** The image, in which the command is. */
  readonly image: string;
  /** The claim of a volume that many may write (ReadWriteMany), with the sweep in it. */
  readonly claim: string;
  /** Where the volume is mounted; `/sweep` when absent. */
  readonly mountPath?: string | undefined;
}

/** Seconds that a pod has to save what it made. */
const grace = 60;

/**
 * The manifest of an Indexed Job (batch/v1, Kubernetes 1.29 or newer): an index for each trial of a rung, or for several. Exit code 1 fails an
 * index at once, other failures are tried again, and a pod that was evicted does not count. A pod is replaced only when it has
 * really ended: two would train one run, of which the folder's lock lets in one.
 * @throws GanKitError `invalid-argument` for a name that Kubernetes refuses, or options out of range.
 */
export function kubernetesJob(plan: PlannedSweep, options: KubernetesOptions): Readonly<Record<string, unknown>> {
  const { name, image, claim, mountPath = '/sweep' } = options;
  if (!/^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/.test(name)) {
    throw new GanKitError(
      'invalid-argument',
      `A job's name has lower-case letters, digits and hyphens, at most 52 and no hyphen at its ends; not '${name}'.`,
      { value: name },
    );
  }
  const { count, command, parameters, retries, memory, parallel } = tasksOf(plan, options);
  const container = 'trial';
  const { threads } = plan.sweep;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: { 'app.kubernetes.io/name': 'gankit' } },
    spec: {
      completionMode: 'Indexed',
      completions: count,
      parallelism: Math.min(count, parallel ?? count),
      backoffLimitPerIndex: retries,
      // A trial that fails keeps no other from its turn.
      maxFailedIndexes: count,
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'FailIndex', onExitCodes: { containerName: container, operator: 'In', values: [1, 2] } },
        ],
      },
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': 'gankit' } },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: grace,
          containers: [
            {
              name: container,
              image,
              command: [...command, ...parameters],
              workingDir: mountPath,
              resources: {
                requests: { cpu: String(threads), memory: `${memory}Mi` },
                limits: { memory: `${memory}Mi` },
              },
              volumeMounts: [{ name: 'sweep', mountPath }],
            },
          ],
          volumes: [{ name: 'sweep', persistentVolumeClaim: { claimName: claim } }],
        },
      },
    },
  };
}
