// What a check of a backend found, as plain values that JSON can hold.

/** How one operation fared. `wrong` numbers and `failed` operations make a backend unfit; `missing` is a kernel that it lacks. */
export interface OperationReport {
  readonly operation: string;
  readonly outcome: 'right' | 'wrong' | 'missing' | 'failed';
  /** Greatest relative error of values and gradients; absent when nothing could be computed, or when it is not finite. */
  readonly error?: number | undefined;
  /** What the backend said, or what is wrong. */
  readonly message?: string | undefined;
}

/** The short training run with a known end. */
export interface TrainingReport {
  readonly outcome: 'right' | 'wrong' | 'missing' | 'failed';
  readonly steps: number;
  /** Greatest relative error of losses and of generated samples after the last step. */
  readonly error?: number | undefined;
  readonly message?: string | undefined;
}

/** What {@link checkBackend} found. */
export interface BackendReport {
  /** The backend's name in TensorFlow.js, for example `wasm`. */
  readonly backend: string;
  /** Whether everything that was checked is right, so that GANs can be trained on it. */
  readonly fit: boolean;
  readonly operations: readonly OperationReport[];
  readonly training: TrainingReport;
  /** Bits of its floats: 32, or 16 where training ends in NaN. */
  readonly floatBits: number;
  /** Greatest relative error among the operations that are right; about 1e-6 for 32-bit floats. */
  readonly precision: number;
  /** Kernels that it lacks, by TensorFlow.js's name. */
  readonly missingKernels: readonly string[];
  readonly speed: {
    /** Steps of the tiny GAN a second, after the first. It is so small that this measures overhead, not arithmetic. */
    readonly stepsPerSecond?: number | undefined;
    /** Thousand millions of operations a second in multiplying large matrices. */
    readonly gigaflopsPerSecond?: number | undefined;
  };
}

/** The first thing that is wrong, in one clause that names the operation; `undefined` for a fit backend. */
export function faultOf(report: BackendReport): string | undefined {
  const faulty = report.operations.filter(({ outcome }) => outcome !== 'right');
  if (faulty.length > 0) {
    const [first] = faulty;
    const others = faulty.length === 1 ? '' : ` (and ${faulty.length - 1} more)`;
    return `'${first!.operation}' is ${first!.outcome}${others}: ${first!.message}`;
  }
  if (report.training.outcome !== 'right') return `training is ${report.training.outcome}: ${report.training.message}`;
  return undefined;
}

const scientific = (value: number | undefined) => (value === undefined ? 'not known' : value.toExponential(1));

/** The report as text of a few lines for a terminal, without colours. */
export function formatBackendReport(report: BackendReport): string {
  const { operations, training, speed } = report;
  const right = operations.filter(({ outcome }) => outcome === 'right').length;
  const { gigaflopsPerSecond, stepsPerSecond } = speed;
  const lines = [
    `backend          ${report.backend}, ${report.fit ? 'fit for training' : 'NOT fit for training'}`,
    `operations       ${right} of ${operations.length} right`,
    `training         ${training.outcome}, ${training.steps} steps of a tiny GAN, relative error ${scientific(training.error)}`,
    `precision        ${report.floatBits}-bit floats, relative error ${scientific(report.precision)}`,
    `matrix product   ${gigaflopsPerSecond === undefined ? 'not measured' : `${gigaflopsPerSecond.toPrecision(3)} GFLOP/s`}`,
    `tiny GAN         ${stepsPerSecond === undefined ? 'not measured' : `${stepsPerSecond.toPrecision(3)} steps/s`}`,
    `missing kernels  ${report.missingKernels.length === 0 ? 'none' : report.missingKernels.join(', ')}`,
  ];
  for (const { operation, outcome, message } of operations) {
    if (outcome !== 'right') lines.push(`${outcome.padEnd(17)}${operation}: ${message}`);
  }
  if (training.outcome !== 'right') lines.push(`${training.outcome.padEnd(17)}training: ${training.message}`);
  return lines.join('\n');
}
