// The worker's one loop: orders between steps, steps, pictures. Nothing else touches the games, so nothing happens at once.
import { GanKitError } from '@gankit/core';
import type { BackendName, EngineState, Experiment, Layers, Mover, Order, Report, Stage } from '../protocol.ts';
import { catalogue } from './catalogue.ts';
import { keepPictures, setBase } from './data-sets.ts';
import { onLost, startEngine } from './engine.ts';
import { Game, openRecipe, type Playable, recipesOf } from './game.ts';
import type { ImagesView } from './images-view.ts';
import { decodeRun, encodeRun, takeWeights } from './run-file.ts';
import { loadSession, type Resumable, saveSession } from './saved-session.ts';

type Send = (report: Report, transfer?: Transferable[]) => void;

/** Milliseconds between two pictures, two turns of the event loop, and two saves. */
const frameMilliseconds = { points: 80, images: 250 } as const;
const turnMilliseconds = 12;
const saveMilliseconds = 5000;
/** How long each stage of a step in slow motion stands, at one step a second. */
const stageMilliseconds = 1300;
const stages: readonly Stage[] = ['generate', 'judge', 'teach', 'move'];

/** A turn of the event loop that no browser slows down in the background, as it slows timers. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

const sentenceOf = (error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  if (GanKitError.isInstance(error)) return message;
  return `Something went wrong that should not (${message}); what was trained is kept.`;
};

export class Session {
  readonly #send: Send;
  readonly #orders: Order[] = [];
  #wake: () => void = () => {};
  #games: Game[] = [];
  #experiment: Experiment | undefined;
  #engine: EngineState | undefined;
  #playing = false;
  #stepsPerSecond = Number.POSITIVE_INFINITY;
  #slow = false;
  #stage = 0;
  #layers: Layers = { verdict: true, gradient: true, manifold: false };
  #visible = true;
  #lastFrame = 0;
  #lastSave = 0;
  /** When the steps since the last picture began, for the speed. */
  #pace = { since: 0, steps: 0, perSecond: 0 };

  constructor(send: Send) {
    this.#send = send;
  }

  /** Takes an order; it is obeyed before the next step. */
  take(order: Order): void {
    this.#orders.push(order);
    this.#wake();
  }

  /** Runs for ever. */
  async run(): Promise<never> {
    this.#send({ type: 'catalogue', catalogue });
    let lastTurn = performance.now();
    for (;;) {
      const order = this.#orders.shift();
      if (order !== undefined) {
        await this.#obey(order).catch((error: unknown) => this.#refuse(error));
        continue;
      }
      if (!this.#playing || this.#games.length === 0) {
        await this.#rest();
        continue;
      }
      const begun = performance.now();
      await this.#play().catch((error: unknown) => this.#fail(error));
      await this.#keepPace(begun);
      if (performance.now() - lastTurn > turnMilliseconds) {
        await turn();
        lastTurn = performance.now();
      }
    }
  }

  /** Waits for an order, at most so many milliseconds. */
  #rest(milliseconds?: number): Promise<void> {
    if (this.#orders.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #keepPace(begun: number): Promise<void> {
    if (!this.#playing) return;
    const each = this.#slow ? stageMilliseconds / Math.min(4, this.#stepsPerSecond) : 1000 / this.#stepsPerSecond;
    const left = each - (performance.now() - begun);
    if (left > 1) await this.#rest(left);
  }

  #refuse(error: unknown, instead?: Experiment): void {
    this.#send({ type: 'refused', sentence: sentenceOf(error), instead });
  }

  /** A step failed: the game rests, put back to where it still was one. */
  async #fail(error: unknown): Promise<void> {
    this.#playing = false;
    this.#refuse(error);
    this.#send({ type: 'playing', playing: false, finished: false });
    await this.#show(undefined).catch(() => undefined);
  }

  async #play(): Promise<void> {
    if (this.#games.some(({ isFinished }) => isFinished)) return this.#finish();
    if (this.#slow) return this.#playStage();
    await this.#advance(undefined);
    const due = frameMilliseconds[this.#kind];
    if (this.#visible && performance.now() - this.#lastFrame > due) await this.#show(undefined);
    if (performance.now() - this.#lastSave > saveMilliseconds) await this.#save();
  }

  async #playStage(): Promise<void> {
    const stage = stages[this.#stage]!;
    if (stage === 'judge') await this.#advance('discriminator');
    if (stage === 'move') await this.#advance('generator');
    await this.#show(stage);
    this.#stage = (this.#stage + 1) % stages.length;
  }

  async #advance(mover: Mover | undefined): Promise<void> {
    for (const game of this.#games) await game.advance(mover === 'both' ? undefined : mover);
    this.#pace.steps++;
  }

  async #finish(): Promise<void> {
    this.#playing = false;
    await this.#show(undefined);
    await this.#save();
    this.#send({ type: 'playing', playing: false, finished: true });
  }

  get #kind() {
    return this.#games[0]?.view.facts.kind ?? 'points';
  }

  #speed(): number {
    const now = performance.now();
    const seconds = (now - this.#pace.since) / 1000;
    if (seconds > 0.5) this.#pace = { since: now, steps: 0, perSecond: this.#pace.steps / seconds };
    return this.#playing ? this.#pace.perSecond : 0;
  }

  async #show(stage: Stage | undefined): Promise<void> {
    const games = [];
    const transfer: Transferable[] = [];
    const layers = stage === undefined ? this.#layers : { ...this.#layers, gradient: true, verdict: true };
    for (const game of this.#games) {
      const frame = await game.view.frame(layers);
      for (const part of Object.values(frame)) if (ArrayBuffer.isView(part)) transfer.push(part.buffer as ArrayBuffer);
      games.push({ frame, ...game.takeNews() });
    }
    this.#send(
      { type: 'frame', step: this.#games[0]?.step ?? 0, stepsPerSecond: this.#speed(), stage, games },
      transfer,
    );
    this.#lastFrame = performance.now();
  }

  async #save(): Promise<void> {
    this.#lastSave = performance.now();
    if (this.#experiment === undefined || this.#games.length === 0) return;
    const games = await Promise.all(this.#games.map((game) => game.save()));
    await saveSession(this.#kind, { experiment: this.#experiment, games, playing: this.#playing });
  }

  async #obey(order: Order): Promise<void> {
    switch (order.type) {
      case 'open':
        setBase(order.base);
        return this.#open(order.experiment, order.resume, order.backend);
      case 'change':
        return this.#change(order.experiment);
      case 'restart':
        return this.#experiment && this.#open(this.#experiment, false);
      case 'play':
        this.#playing = order.playing && this.#games.length > 0;
        this.#stage = 0;
        this.#pace = { since: performance.now(), steps: 0, perSecond: 0 };
        if (!this.#playing) {
          await this.#show(undefined);
          await this.#save();
        }
        this.#send({ type: 'playing', playing: this.#playing, finished: false });
        return;
      case 'step':
        await this.#advance(order.mover);
        // A step that was made by hand and seen is not lost with the graphics card a moment later.
        await this.#save();
        return this.#show(undefined);
      case 'pace':
        this.#stepsPerSecond = order.stepsPerSecond > 0 ? order.stepsPerSecond : Number.POSITIVE_INFINITY;
        this.#slow = order.slow;
        return;
      case 'layers':
        this.#layers = order.layers;
        if (!this.#playing && this.#games.length > 0) await this.#show(undefined);
        return;
      case 'visible':
        this.#visible = order.visible;
        if (!order.visible) await this.#save();
        return;
      case 'backend':
        return this.#switch(order.backend);
      case 'pictures':
        return keepPictures(order.pictures);
      case 'export':
        return this.#export();
      case 'import':
        return this.#import(order.name, new Uint8Array(order.bytes));
      default:
        return this.#obeyForImages(order);
    }
  }

  async #obeyForImages(order: Extract<Order, { type: 'class' | 'latent' | 'judge' }>): Promise<void> {
    const [game] = this.#games;
    if (game?.view.facts.kind !== 'images') return;
    const view = game.view as ImagesView;
    if (order.type === 'class') {
      for (const each of this.#games) (each.view as ImagesView).show(order.label);
      if (!this.#playing) await this.#show(undefined);
    } else if (order.type === 'latent') {
      this.#send({ type: 'sample', frame: await view.sample(order.latent, order.label) });
    } else {
      const { verdict, gradient } = await view.judge(order.drawing, order.label);
      this.#send({ type: 'judged', verdict, gradient, side: game.source.shape[0]! });
    }
  }

  /** Opens an experiment in place of what is open, which stays when the new one is refused. */
  async #open(experiment: Experiment, resume: boolean, backend?: BackendName): Promise<void> {
    const playables = await Promise.all(recipesOf(experiment).map(openRecipe));
    const kind = playables[0]!.source.kind === 'images' ? 'images' : 'points';
    if (this.#engine === undefined || (this.#games.length > 0 && kind !== this.#kind) || backend !== undefined) {
      await this.#close();
      await this.#start(kind, backend);
    }
    const saved = resume ? await loadSession(experiment) : undefined;
    await this.#begin(experiment, playables, saved);
  }

  async #start(kind: 'points' | 'images', backend?: BackendName): Promise<void> {
    this.#engine = await startEngine(kind, backend);
    this.#send({ type: 'engine', engine: this.#engine });
    onLost((sentence) => this.#send({ type: 'lost', sentence }));
  }

  /** Makes the games of an experiment and shows them. */
  async #begin(experiment: Experiment, playables: readonly Playable[], saved?: Resumable): Promise<void> {
    const games: Game[] = [];
    let resumed = false;
    try {
      for (const [index, playable] of playables.entries()) {
        const kept = saved?.games[index];
        games.push(new Game(kept === undefined ? playable : { ...playable, recipe: kept.recipe }));
      }
    } catch (error) {
      for (const game of games) await game.dispose();
      throw error;
    }
    if (saved !== undefined) {
      try {
        for (const [index, game] of games.entries()) game.load(saved.games[index]!);
        resumed = true;
      } catch {
        // What was saved is of another version: the same experiment from its beginning.
        for (const game of games.splice(0)) await game.dispose();
        games.push(...playables.map((playable) => new Game(playable)));
        this.#send({
          type: 'notice',
          sentence: 'What was saved of this game cannot be read any more; it begins anew.',
        });
      }
    }
    const old = this.#games;
    this.#games = games;
    this.#experiment = experiment;
    this.#playing = resumed && saved?.playing === true;
    this.#stage = 0;
    this.#pace = { since: performance.now(), steps: 0, perSecond: 0 };
    for (const game of old) await game.dispose();
    this.#send({
      type: 'opened',
      experiment,
      games: games.map((game) => game.describe()),
      step: games[0]!.step,
      playing: this.#playing,
    });
    await this.#show(undefined);
    await this.#save();
  }

  /** Swaps what can be swapped while it is played; anything else begins a new game. */
  async #change(experiment: Experiment): Promise<void> {
    const playables = await Promise.all(recipesOf(experiment).map(openRecipe));
    if (this.#games.length !== playables.length) return this.#renew(experiment, playables);
    const before = this.#games.map(({ run }) => run.recipe);
    try {
      for (const [index, game] of this.#games.entries()) await game.swap(playables[index]!.recipe);
    } catch (error) {
      // Two games are swapped together or not at all.
      for (const [index, game] of this.#games.entries()) await game.swap(before[index]!);
      if (!GanKitError.isInstance(error)) throw error;
      if (error.code === 'another-run') return this.#renew(experiment, playables);
      if (error.code === 'incompatible') return this.#refuse(error, experiment);
      throw error;
    }
    this.#experiment = experiment;
    this.#send({ type: 'swapped', experiment, games: this.#games.map((game) => game.traits()) });
    if (!this.#playing) await this.#show(undefined);
    await this.#save();
  }

  /** A new game in place of the old one, which goes on playing if that did. */
  async #renew(experiment: Experiment, playables: readonly Playable[]): Promise<void> {
    const playing = this.#playing;
    await this.#begin(experiment, playables);
    this.#playing = playing;
    this.#send({ type: 'playing', playing, finished: false });
  }

  /** The same games on another backend: saved, closed, opened again. */
  async #switch(backend: BackendName): Promise<void> {
    if (this.#experiment === undefined) return;
    const experiment = this.#experiment;
    const playing = this.#playing;
    await this.#save();
    const games = await Promise.all(this.#games.map((game) => game.save()));
    const kind = this.#kind;
    await this.#close();
    await this.#start(kind, backend);
    const playables = await Promise.all(recipesOf(experiment).map(openRecipe));
    await this.#begin(experiment, playables, { experiment, games, playing });
    this.#send({ type: 'playing', playing: this.#playing, finished: false });
  }

  async #close(): Promise<void> {
    for (const game of this.#games.splice(0)) await game.dispose();
  }

  async #export(): Promise<void> {
    const [game] = this.#games;
    if (game === undefined) return;
    const bytes = await encodeRun(game);
    this.#send({ type: 'file', name: `gankit-run-${game.step}.zip`, bytes }, [bytes.buffer]);
  }

  async #import(name: string, bytes: Uint8Array): Promise<void> {
    const { recipe, loaded } = decodeRun(bytes, name);
    try {
      const experiment = { recipe: recipe! };
      await this.#open(experiment, false);
      if (loaded === undefined) return;
      takeWeights(this.#games[0]!, loaded);
      await this.#show(undefined);
      await this.#save();
      const step = loaded.document.step;
      this.#send({
        type: 'notice',
        sentence: `The generator of '${name}' is here${step === undefined ? '' : `, after ${step} steps`}; its discriminator is new.`,
      });
    } finally {
      loaded?.generator.dispose();
    }
  }
}
