// What the page knows, as signals, and the worker that it knows it from.
import { batch, computed, signal } from '@preact/signals';
import { addPoints } from '../curves.ts';
import { picturesExperiment, pointsExperiment } from '../presets.ts';
import type {
  BackendName,
  Catalogue,
  CurvePoint,
  Drawing,
  DroppedPictures,
  EngineState,
  Experiment,
  Finding,
  Frame,
  ImagesFrame,
  Layers,
  Mover,
  OpenGame,
  Order,
  Report,
  Stage,
  SwapMark,
} from '../protocol.ts';
import { questions } from '../questions/questions.ts';
import { type Place, readAddress, type View, writeAddress } from './address.ts';
import { saveFile } from './save-file.ts';

/** One game, as it is shown. */
export interface ShownGame extends Omit<OpenGame, 'curves' | 'swaps' | 'findings'> {
  readonly frame: Frame | undefined;
  readonly curves: CurvePoint[];
  readonly swaps: readonly SwapMark[];
  readonly findings: readonly Finding[];
}

/** Something that is said once, and can be acted on. */
export interface Notice {
  readonly sentence: string;
  readonly kind: 'fault' | 'news';
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

export const place = signal<Place>(arrival(location.hash));
export const catalogue = signal<Catalogue | undefined>(undefined);
export const engine = signal<EngineState | undefined>(undefined);
export const games = signal<readonly ShownGame[]>([]);
/** What is open in the worker. */
export const experiment = signal<Experiment | undefined>(undefined);
/** Counts refusals, so that fields show again what is true. */
export const revision = signal(0);
export const step = signal(0);
export const stepsPerSecond = signal(0);
export const stage = signal<Stage | undefined>(undefined);
export const playing = signal(false);
export const finished = signal(false);
export const notice = signal<Notice | undefined>(undefined);
export const layers = signal<Layers>({ verdict: true, gradient: true, manifold: false });
export const slow = signal(false);
/** A number above the greatest of the slider is as fast as it goes. */
export const pace = signal(Number.POSITIVE_INFINITY);
export const opening = signal(true);
export const sample = signal<ImagesFrame | undefined>(undefined);
export const judged = signal<
  { readonly verdict: number; readonly gradient: Float32Array; readonly side: number } | undefined
>(undefined);
/** Pictures of the run so far, for the time slider: the newest last. */
export const film = signal<readonly { readonly step: number; readonly frame: ImagesFrame }[]>([]);

export const recipe = computed(() => games.value[0]?.recipe);

const mostFilm = 120;

let worker: Worker | undefined;
/** What was sent last, and not refused. */
let draft: Experiment | undefined;
/** When workers were lost: a page that cannot go on must not try for ever. */
let losses: number[] = [];
const soonMilliseconds = 60_000;

function send(order: Order, transfer: Transferable[] = []): void {
  worker?.postMessage(order, transfer);
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The experiment that a place stands for. */
function experimentOf({ view, question, experiment: own }: Place): Experiment | undefined {
  if (own !== undefined) return own;
  if (view === 'points') return pointsExperiment;
  if (view === 'pictures') return picturesExperiment;
  return questions.find(({ id }) => id === question)?.experiment;
}

/** Starts a worker in place of the one before; says so and returns false where that is not possible. */
function startWorker(): boolean {
  worker?.terminate();
  try {
    worker = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' });
  } catch (error) {
    worker = undefined;
    opening.value = false;
    notice.value = {
      kind: 'fault',
      sentence: `This browser starts no worker for the page (${(error as Error).message}); the games need one.`,
    };
    return false;
  }
  worker.addEventListener('message', ({ data }: MessageEvent<Report>) => hear(data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    lose(event.message ? `The worker failed (${event.message}).` : 'The worker could not be loaded.');
  });
  send({ type: 'pace', stepsPerSecond: Number.isFinite(pace.value) ? pace.value : 0, slow: slow.value });
  send({ type: 'layers', layers: layers.value });
  return true;
}

/** A worker that cannot go on is replaced; the new one goes on from what was saved. */
function lose(sentence: string): void {
  const now = performance.now();
  losses = [...losses.filter((time) => now - time < soonMilliseconds), now];
  if (losses.length > 2) {
    worker?.terminate();
    batch(() => {
      playing.value = false;
      opening.value = false;
      notice.value = {
        kind: 'fault',
        sentence,
        action: {
          label: 'Try again',
          run: () => {
            losses = [];
            reopen();
          },
        },
      };
    });
    return;
  }
  notice.value = { kind: 'news', sentence };
  // What took the graphics card away once may do so again.
  reopen(losses.length > 1 ? 'wasm' : undefined);
}

function reopen(backend?: BackendName): void {
  const wanted = experiment.value ?? experimentOf(place.value);
  if (startWorker() && wanted !== undefined) open(wanted, true, backend);
}

/** Opens an experiment. */
export function open(wanted: Experiment, resume: boolean, backend?: BackendName): void {
  draft = wanted;
  opening.value = true;
  send({ type: 'open', experiment: wanted, resume, backend, base: new URL('./', location.href.split('#')[0]).href });
}

/** Changes the experiment: swapped while it is played where that is possible, a new game otherwise. */
export function change(next: Experiment): void {
  draft = next;
  send({ type: 'change', experiment: next });
}

/** What changes are made to: what was sent last. */
export function current(): Experiment {
  return draft ?? experiment.value ?? pointsExperiment;
}

function hear(report: Report): void {
  switch (report.type) {
    case 'catalogue':
      catalogue.value = report.catalogue;
      return;
    case 'engine':
      engine.value = report.engine;
      return;
    case 'opened':
      batch(() => {
        draft = report.experiment;
        experiment.value = report.experiment;
        games.value = report.games.map((game) => ({ ...game, frame: undefined, curves: [...game.curves] }));
        step.value = report.step;
        playing.value = report.playing;
        finished.value = false;
        opening.value = false;
        stage.value = undefined;
        film.value = [];
        judged.value = undefined;
        sample.value = undefined;
        if (report.step > 0 && notice.value === undefined) {
          notice.value = { kind: 'news', sentence: `This game goes on where you left it, at step ${report.step}.` };
        }
      });
      address();
      return;
    case 'swapped':
      batch(() => {
        draft = report.experiment;
        experiment.value = report.experiment;
        games.value = games.value.map((game, index) => ({ ...game, ...report.games[index] }));
        // More steps may have been allowed.
        finished.value = false;
        revision.value++;
      });
      address();
      return;
    case 'frame':
      show(report);
      return;
    case 'playing':
      batch(() => {
        playing.value = report.playing;
        finished.value = report.finished;
        if (!report.playing) stage.value = undefined;
      });
      return;
    case 'sample':
      sample.value = report.frame;
      return;
    case 'judged':
      judged.value = report;
      return;
    case 'file':
      saveFile(report.name, report.bytes);
      return;
    case 'notice':
      notice.value = { kind: 'news', sentence: report.sentence };
      return;
    case 'refused':
      refuse(report.sentence, report.instead);
      return;
    case 'lost':
      lose(report.sentence);
      return;
  }
}

function refuse(sentence: string, instead: Experiment | undefined): void {
  batch(() => {
    draft = experiment.value;
    revision.value++;
    opening.value = false;
    const begin = instead && { label: 'Begin a new game with it', run: () => open(instead, false) };
    // What cannot be opened leaves nothing to look at: the view's own game instead.
    const nothing = games.value.length === 0;
    notice.value = { kind: 'fault', sentence, action: begin };
    if (nothing && instead === undefined && place.value.experiment !== undefined) {
      place.value = { ...place.value, experiment: undefined };
      const usual = experimentOf(place.value);
      if (usual !== undefined) open(usual, true);
    }
  });
}

function show(report: Extract<Report, { type: 'frame' }>): void {
  batch(() => {
    step.value = report.step;
    stepsPerSecond.value = report.stepsPerSecond;
    stage.value = report.stage;
    games.value = games.value.map((game, index) => {
      const news = report.games[index];
      if (news === undefined) return game;
      addPoints(game.curves, news.curves);
      return {
        ...game,
        frame: news.frame ?? game.frame,
        swaps: news.swaps.length > 0 ? [...game.swaps, ...news.swaps] : game.swaps,
        findings: news.findings.length > 0 ? [...game.findings, ...news.findings] : game.findings,
      };
    });
    const frame = report.games[0]?.frame;
    if (frame?.kind === 'images' && report.step !== film.value.at(-1)?.step) {
      const longer = [...film.value, { step: report.step, frame }];
      // Every second of the older pictures goes when there are too many.
      film.value =
        longer.length <= mostFilm
          ? longer
          : longer.filter((_, index) => index % 2 === 0 || index === longer.length - 1);
    }
  });
}

/** Writes the address of what is open, without a step in the browser's history. */
function address(): void {
  const { view, question } = place.value;
  const open = experiment.value;
  const usual = experimentOf({ view, question });
  const hash = writeAddress({ view, question, ...(open && !same(open, usual) ? { experiment: open } : {}) });
  place.value = { ...readAddress(hash) };
  if (hash !== location.hash) history.replaceState(undefined, '', hash);
}

/** The place of an address; a question that nobody asks leads to all of them. */
function arrival(hash: string): Place {
  const read = readAddress(hash);
  if (read.question === undefined || questions.some(({ id }) => id === read.question)) return read;
  return { view: 'questions', fault: `There is no question '${read.question.slice(0, 40)}'; these are all of them.` };
}

/** Opens what the address says. */
function arrive(): void {
  const next = arrival(location.hash);
  batch(() => {
    place.value = next;
    notice.value = next.fault === undefined ? undefined : { kind: 'fault', sentence: next.fault };
  });
  const wanted = experimentOf(next);
  document.title = `${{ points: 'Points', pictures: 'Pictures', questions: 'Questions' }[next.view]} - GANKit playground`;
  if (wanted !== undefined && !same(wanted, experiment.value)) {
    games.value = [];
    open(wanted, true);
  } else if (wanted === undefined) {
    opening.value = false;
    setPlaying(false);
  }
  const about = questions.find(({ id }) => id === next.question)?.layers;
  if (about !== undefined) setLayers({ ...layers.value, ...about });
}

export function go(view: View, question?: string): void {
  const hash = writeAddress({ view, question });
  if (location.hash === hash) return;
  location.hash = hash;
}

/** Begins: a worker, and the experiment of the address. */
export function begin(): void {
  if (!startWorker()) return;
  arrive();
  addEventListener('hashchange', arrive);
  document.addEventListener('visibilitychange', () =>
    send({ type: 'visible', visible: document.visibilityState === 'visible' }),
  );
  addEventListener('pagehide', () => send({ type: 'visible', visible: false }));
}

export function setPlaying(next: boolean): void {
  send({ type: 'play', playing: next });
}

export function restart(): void {
  opening.value = true;
  send({ type: 'restart' });
}

export function makeStep(mover: Mover): void {
  if (playing.value) setPlaying(false);
  send({ type: 'step', mover });
}

export function setPace(stepsASecond: number, isSlow: boolean): void {
  pace.value = stepsASecond;
  slow.value = isSlow;
  send({ type: 'pace', stepsPerSecond: Number.isFinite(stepsASecond) ? stepsASecond : 0, slow: isSlow });
}

export function setLayers(next: Layers): void {
  layers.value = next;
  send({ type: 'layers', layers: next });
}

export function setBackend(backend: BackendName): void {
  send({ type: 'backend', backend });
}

export function usePictures(pictures: DroppedPictures): void {
  send({ type: 'pictures', pictures });
  open({ recipe: { ...current().recipe, data: { name: 'dropped-pictures' }, conditioning: [] } }, false);
}

export function exportRun(): void {
  send({ type: 'export' });
}

export async function importRun(file: File): Promise<void> {
  const bytes = await file.arrayBuffer();
  send({ type: 'import', name: file.name, bytes }, [bytes]);
}

export const showClass = (label: number | undefined) => send({ type: 'class', label });
export const askSample = (latent: readonly number[], label: number) => send({ type: 'latent', latent, label });
export const askJudgement = (drawing: Drawing, label: number) => send({ type: 'judge', drawing, label });
