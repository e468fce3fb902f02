// What layers share that draw in training: a stream of their own, from a seed, whose position is state.
import { type RandomState, RandomStream, type State, type Stateful } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import type { LayerArgs } from './layer-call.ts';

export interface SeededLayerArgs extends LayerArgs {
  /** Decides what is drawn; 0 when absent. Give every layer a seed of its own. */
  readonly seed?: number | string | undefined;
}

/** A layer with a seeded stream. The position in the stream is state that a checkpoint must hold: `saveState` and `loadState`. */
export class SeededLayer extends tf.layers.Layer implements Stateful {
  readonly seed: number | string;
  protected readonly random: RandomStream;

  constructor(args: SeededLayerArgs) {
    super(args);
    this.seed = args.seed ?? 0;
    this.random = new RandomStream(this.seed);
  }

  async saveState(): Promise<State> {
    const { words, path } = this.random.saveState();
    return { values: { words: [...words], path } };
  }

  loadState(state: State): void {
    this.random.loadState(state.values as unknown as RandomState);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), seed: this.seed };
  }
}
