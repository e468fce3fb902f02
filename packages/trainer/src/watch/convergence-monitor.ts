// Watches the game and says when it is won, lost or stuck.
import {
  checkInteger,
  checkNumber,
  checkOptions,
  type FindingEvent,
  type FindingKind,
  type GameObserver,
  GanKitError,
  type Json,
  type Stateful,
  type StepEvent,
} from '@gankit/core';

export interface ConvergenceMonitorOptions {
  /** Steps that are averaged over; a finding needs as many, and ends when it has not held for as many. 200 by default. */
  readonly window?: number | undefined;
  /** How far from one half the discriminator's accuracy may be at equilibrium; 0.05 by default. */
  readonly equilibriumBand?: number | undefined;
  /** How far D(G(z)) may be below D(x) for feedback to be called useless; 0.02 by default. */
  readonly scoreTolerance?: number | undefined;
  /** The accuracy from which on the discriminator is called too strong; 0.98 by default. */
  readonly strongAccuracy?: number | undefined;
  /** The share of its greatest value under which the generator's gradient is called vanishing; 0.05 by default. */
  readonly vanishingShare?: number | undefined;
  /** The share of the reference under which the diversity of samples is called a collapse; 0.3 by default. */
  readonly collapseShare?: number | undefined;
  /** The diversity to compare with, for example that of the real data; by default the greatest that was measured. */
  readonly referenceDiversity?: number | undefined;
}

/** What is kept of each step; `null` where it was not measured. */
const series = ['accuracy', 'realScore', 'fakeScore', 'gradientNorm', 'diversity'] as const;
type Series = (typeof series)[number];
type Measured = number | null;

function measure({ accuracy, discriminator, generator }: StepEvent): Record<Series, Measured> {
  const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);
  return {
    accuracy: finite(accuracy),
    realScore: finite(discriminator?.realScore),
    // What the generator makes counts; the discriminator's own fakes may be something else.
    fakeScore: finite(generator?.fakeScore ?? discriminator?.fakeScore),
    gradientNorm: finite(generator?.gradientNorm),
    diversity: finite(generator?.sampleDiversity),
  };
}

/** The mean of what was measured, or `undefined`. */
function meanOf(values: readonly Measured[]): number | undefined {
  const measured = values.filter((value) => value !== null);
  return measured.length === 0 ? undefined : measured.reduce((sum, value) => sum + value, 0) / measured.length;
}

/** By how many bands above one half the discriminator must have been right before a half means equilibrium. */
const leadBands = 3;

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const short = (value: number) => `${Number(value.toPrecision(3))}`;

/**
 * Watches averages over a window of steps and finds:
 *
 * - `equilibrium`: the discriminator's accuracy (the mean of that on real and on fake samples) lies within `equilibriumBand` of one half,
 *   and its means over the two halves of the window differ by no more than that. It must have led before, by an accuracy that lay
 *   three times as far above one half: a discriminator that has not learned anything yet guesses as well, and a little better by chance.
 * - `feedback-useless`: D(G(z)) is no more than `scoreTolerance` below D(x), or above it, and the norm of the generator's gradient is
 *   under `vanishingShare` of the greatest average that it had.
 * - `discriminator-too-strong`: its accuracy is at least `strongAccuracy`, and the generator's gradient is vanishing in the same sense.
 * - `mode-collapse`: the diversity of the samples is under `collapseShare` of the reference.
 *
 * Each is told once, when it begins, and again only after it has ended. Gradient norms and diversity are known in the steps that
 * the trainer watches; a finding that needs them is not made without. A loss without a line between
 * real and generated has no accuracy, so the first and the third are never found; one whose outputs are no log-odds has no scores, so
 * the second is not.
 *
 * @throws GanKitError `invalid-argument` for options out of range.
 */
export function convergenceMonitor(options: ConvergenceMonitorOptions = {}): GameObserver & Stateful {
  checkOptions('convergenceMonitor', options, {
    window: 'optional',
    equilibriumBand: 'optional',
    scoreTolerance: 'optional',
    strongAccuracy: 'optional',
    vanishingShare: 'optional',
    collapseShare: 'optional',
    referenceDiversity: 'optional',
  });
  const { window = 200, equilibriumBand = 0.05, scoreTolerance = 0.02, strongAccuracy = 0.98 } = options;
  const { vanishingShare = 0.05, collapseShare = 0.3, referenceDiversity } = options;
  checkInteger('window', window, 2);
  checkNumber('equilibriumBand', equilibriumBand, 0, 0.5);
  checkNumber('scoreTolerance', scoreTolerance, 0, 1);
  checkNumber('strongAccuracy', strongAccuracy, 0.5, 1);
  checkNumber('vanishingShare', vanishingShare, 0, 1);
  checkNumber('collapseShare', collapseShare, 0, 1);
  if (referenceDiversity !== undefined) checkNumber('referenceDiversity', referenceDiversity, Number.MIN_VALUE);

  let recent: Record<Series, Measured>[] = [];
  /** Greatest averages over a window so far. */
  let greatest = { gradientNorm: 0, diversity: 0, accuracy: 0 };
  /** The step at which each finding that has begun was last seen to hold. */
  let lastHeld: Partial<Record<FindingKind, number>> = {};

  /** The findings that hold now, each with its reason. */
  function holding(): Partial<Record<FindingKind, string>> {
    const valuesOf = (name: Series) => recent.map((step) => step[name]);
    const mean = (name: Series) => meanOf(valuesOf(name));
    const [accuracy, realScore, fakeScore] = [mean('accuracy'), mean('realScore'), mean('fakeScore')];
    const [gradientNorm, diversity] = [mean('gradientNorm'), mean('diversity')];
    greatest = {
      gradientNorm: Math.max(greatest.gradientNorm, gradientNorm ?? 0),
      diversity: Math.max(greatest.diversity, diversity ?? 0),
      accuracy: Math.max(greatest.accuracy, accuracy ?? 0),
    };
    const over = `over the last ${window} steps`;
    const found: Partial<Record<FindingKind, string>> = {};

    const middle = Math.floor(window / 2);
    const before = meanOf(valuesOf('accuracy').slice(0, middle));
    const after = meanOf(valuesOf('accuracy').slice(middle));
    if (accuracy !== undefined && before !== undefined && after !== undefined) {
      const hasLed = greatest.accuracy >= 0.5 + leadBands * equilibriumBand;
      if (hasLed && Math.abs(accuracy - 0.5) <= equilibriumBand && Math.abs(after - before) <= equilibriumBand) {
        found.equilibrium = `The discriminator was right about ${percent(accuracy)} of the samples ${over}, ${percent(before)} in the first half of them and ${percent(after)} in the second.`;
      }
    }
    if (gradientNorm !== undefined && gradientNorm < vanishingShare * greatest.gradientNorm) {
      const vanishing = `the generator's gradient norm was ${short(gradientNorm)}, ${percent(gradientNorm / greatest.gradientNorm)} of the greatest it had (${short(greatest.gradientNorm)})`;
      if (accuracy !== undefined && accuracy >= strongAccuracy) {
        found['discriminator-too-strong'] =
          `The discriminator was right about ${percent(accuracy)} of the samples ${over}, and ${vanishing}.`;
      }
      if (realScore !== undefined && fakeScore !== undefined && realScore - fakeScore <= scoreTolerance) {
        found['feedback-useless'] =
          `The discriminator gave real samples ${short(realScore)} and generated ones ${short(fakeScore)} ${over}, and ${vanishing}.`;
      }
    }
    const reference = referenceDiversity ?? greatest.diversity;
    if (diversity !== undefined && diversity < collapseShare * reference) {
      const kind = referenceDiversity === undefined ? 'the greatest it had' : 'the reference';
      found['mode-collapse'] =
        `The diversity of the samples was ${short(diversity)} ${over}, ${percent(diversity / reference)} of ${kind} (${short(reference)}).`;
    }
    return found;
  }

  return {
    name: 'convergence-monitor',
    observe(event) {
      recent = [...recent.slice(1 - window), measure(event)];
      if (recent.length < window) return [];
      const { step } = event;
      const events: FindingEvent[] = [];
      const found = Object.entries(holding()) as [FindingKind, string][];
      for (const [finding, reason] of found) {
        if (lastHeld[finding] === undefined) events.push({ type: 'finding', step, finding, reason });
        lastHeld[finding] = step;
      }
      for (const [finding, held] of Object.entries(lastHeld) as [FindingKind, number][]) {
        if (step - held >= window) delete lastHeld[finding];
      }
      return events;
    },
    async saveState() {
      const columns = series.map((name) => [name, recent.map((step) => step[name])]);
      return { values: { recent: Object.fromEntries(columns), greatest: { ...greatest }, lastHeld: { ...lastHeld } } };
    },
    loadState({ values = {} }) {
      const saved = values as {
        readonly recent?: Readonly<Record<Series, readonly Measured[]>> | undefined;
        readonly greatest?: typeof greatest | undefined;
        readonly lastHeld?: typeof lastHeld | undefined;
      };
      const columns = saved.recent && series.map((name) => saved.recent?.[name]);
      const steps = columns?.[0]?.length;
      if (!saved.greatest || !saved.lastHeld || steps === undefined || steps > window || columns?.includes(undefined)) {
        throw new GanKitError(
          'incompatible',
          `The saved state of the convergence monitor does not fit a window of ${window} steps; use the window that it was saved with.`,
          { value: values as Json },
        );
      }
      recent = Array.from({ length: steps }, (_, index) => {
        const entries = series.map((name) => [name, saved.recent?.[name]?.[index] ?? null]);
        return Object.fromEntries(entries) as Record<Series, Measured>;
      });
      greatest = { ...saved.greatest };
      lastHeld = { ...saved.lastHeld };
    },
  };
}
