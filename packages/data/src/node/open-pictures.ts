// Any store of pictures as data to learn from.
import { type DataSource, GanKitError } from '@gankit/core';
import * as tf from '@tensorflow/tfjs';
import { indexedSource } from '../indexed-source.ts';
import { checkPicturePolicy, type PicturePolicy } from '../pictures/picture-policy.ts';
import type { PictureStore } from '../pictures/picture-store.ts';
import { unitRows } from '../pixels.ts';
import { type DecodingPlan, decodePicture, importSharp, measurePicture } from './decode-picture.ts';

/** A picture that could not be decoded. */
export interface BrokenPicture {
  readonly path: string;
  readonly reason: string;
}

export interface OpenPicturesOptions extends PicturePolicy {
  /** Told of each broken picture once, when it is met; a warning of the process when absent. */
  readonly onBroken?: ((picture: BrokenPicture) => void) | undefined;
}

/** Pictures that are looked at to choose size and channels. */
const looked = 256;
/** The sides that are chosen for pictures that are not all alike: networks can make them, a personal computer can train them. */
const sides = [64, 32, 16, 8];

function suitableSide(sizes: readonly { readonly width: number; readonly height: number }[]): number {
  const shorter = sizes.map(({ width, height }) => Math.min(width, height)).sort((a, b) => a - b);
  const [smallest, median, largest] = [shorter[0]!, shorter[shorter.length >> 1]!, shorter.at(-1)!];
  const alike = smallest === largest && sizes.every(({ width, height }) => width === height);
  if (alike && median % 2 === 0 && median >= 8 && median <= sides[0]!) return median;
  return sides.find((side) => side <= median) ?? sides.at(-1)!;
}

const channelNames = { 1: 'gray', 3: 'rgb', 4: 'rgba' } as const;

type Measured = Awaited<ReturnType<typeof measurePicture>>;

/** @throws GanKitError `invalid-data` for descriptions of different lengths. */
function vectorLengthOf({ name, entries }: PictureStore): number | undefined {
  const length = entries[0]?.vector?.length;
  const other = entries.find(({ vector }) => vector?.length !== length);
  if (other === undefined) return length;
  throw new GanKitError(
    'invalid-data',
    `'${other.path}' in '${name}' is described by ${other.vector?.length ?? 0} numbers, '${entries[0]!.path}' by ${length ?? 0}; describe each by as many.`,
    { path: other.path },
  );
}

/** What was chosen, and what is left out. */
function notesOf(
  { leftOut = [] }: PictureStore,
  { side, channels = 'auto' }: PicturePolicy,
  plan: DecodingPlan,
  sizes: readonly Measured[],
): string[] {
  const [first] = sizes as readonly [Measured, ...Measured[]];
  const alike = sizes.every(({ width, height }) => width === first.width && height === first.height);
  const same = alike && first.width === plan.side && first.height === plan.side;
  const were = alike ? `${first.width} x ${first.height}` : 'of several sizes';
  const notes: string[] = [];
  if (side === undefined || channels === 'auto') {
    notes.push(
      `Pictures ${same ? 'stay' : `are ${were} and become`} ${plan.side} x ${plan.side}, ${channelNames[plan.channels]}; the options side and channels say otherwise.`,
    );
  }
  if (leftOut.length > 0) {
    notes.push(
      `${leftOut.length} ${leftOut.length === 1 ? 'file is' : 'files are'} left out, being no pictures by the ending, such as ${leftOut[0]}.`,
    );
  }
  return notes;
}

async function survey(store: PictureStore, measure: (bytes: Uint8Array) => ReturnType<typeof measurePicture>) {
  const count = Math.min(looked, store.entries.length);
  const indices = Array.from({ length: count }, (_, at) => Math.floor((at * store.entries.length) / count));
  const measured = await Promise.all(
    indices.map(async (index) => measure(await store.read(index)).catch(() => undefined)),
  );
  const whole = measured.filter((each) => each !== undefined);
  if (whole.length > 0) return whole;
  throw new GanKitError(
    'invalid-data',
    `None of the first ${count} pictures looked at in '${store.name}' can be decoded, such as '${store.entries[0]?.path}'; look at the files.`,
    { path: store.entries[0]?.path },
  );
}

/**
 * Opens a store of pictures as images of one shape.
 *
 * A broken picture is told of once, and its place is taken by the next one that is whole: what a batch holds is a function of the store
 * and the policy, so that a resumed run repeats it.
 * @throws GanKitError `invalid-data` when no picture can be decoded, or for a broken one with `broken: 'fail'`; `file` when sharp is absent.
 */
export async function openPictures(store: PictureStore, options: OpenPicturesOptions = {}): Promise<DataSource> {
  const { onBroken = (broken) => process.emitWarning(brokenSentence(broken)), ...policy } = options;
  checkPicturePolicy(policy);
  const sharp = await importSharp();
  const sizes = await survey(store, (bytes) => measurePicture(sharp, bytes));
  const { fit = 'cover', background = '#ffffff', channels = 'auto', broken = 'skip' } = policy;
  const automatic = sizes.every(({ gray }) => gray) ? 1 : 3;
  const plan: DecodingPlan = {
    side: policy.side ?? suitableSide(sizes),
    fit,
    background,
    channels: { auto: automatic, gray: 1, rgb: 3, rgba: 4 }[channels] as DecodingPlan['channels'],
  };
  const { entries, classNames } = store;
  const vectorLength = vectorLengthOf(store);
  const told = new Set<number>();

  /** The picture of this index, or of the first whole one after it, and whose it is. */
  async function wholePicture(index: number): Promise<{ index: number; bytes: Uint8Array }> {
    for (let after = 0; after < entries.length; after++) {
      const at = (index + after) % entries.length;
      if (told.has(at)) continue;
      try {
        return { index: at, bytes: await decodePicture(sharp, await store.read(at), plan) };
      } catch (cause) {
        const picture = { path: entries[at]!.path, reason: (cause as Error).message.split('\n')[0]! };
        if (broken === 'fail') {
          throw new GanKitError(
            'invalid-data',
            `The picture '${picture.path}' cannot be decoded (${picture.reason}); take it away, or read with broken: 'skip'.`,
            { path: picture.path, cause },
          );
        }
        if (!told.has(at)) onBroken(picture);
        told.add(at);
      }
    }
    throw new GanKitError('invalid-data', `No picture in '${store.name}' can be decoded; look at the files.`);
  }

  const length = plan.side * plan.side * plan.channels;
  const shape = [plan.side, plan.side, plan.channels];
  return indexedSource({
    name: store.name,
    kind: 'images',
    shape,
    size: entries.length,
    classNames,
    vectorLength,
    chosen: { side: plan.side, channels: channelNames[plan.channels] },
    notes: notesOf(store, policy, plan, sizes),
    prefetch: 2,
    async read(indices) {
      const pictures = await Promise.all(Array.from(indices, wholePicture));
      const pixels = new Uint8Array(pictures.length * length);
      pictures.forEach(({ bytes }, row) => {
        pixels.set(bytes, row * length);
      });
      const rows = Uint32Array.from(pictures, (_, row) => row);
      const labels = pictures.map(({ index }) => entries[index]!.label ?? 0);
      return {
        data: tf.tensor(unitRows(pixels, length, rows), [pictures.length, ...shape]),
        ...(classNames !== undefined && { labels: tf.tensor1d(labels, 'int32') }),
        ...(vectorLength !== undefined && {
          vectors: tf.tensor2d(
            pictures.flatMap(({ index }) => [...entries[index]!.vector!]),
            [pictures.length, vectorLength],
          ),
        }),
      };
    },
  });
}

function brokenSentence({ path, reason }: BrokenPicture): string {
  return `The picture '${path}' is left out, because it cannot be decoded (${reason}).`;
}
