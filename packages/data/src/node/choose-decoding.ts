// Height, width and channels of the samples that pictures become, chosen by looking at some of them.
import { GanKitError } from '@gankit/core';
import { checkPicturePolicy, type PicturePolicy } from '../pictures/picture-policy.ts';
import type { PictureStore } from '../pictures/picture-store.ts';
import { type DecodingPlan, importSharp, measurePicture, type Sharp } from './decode-picture.ts';

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

/** What was chosen, and what is left out. */
function notesOf(
  { leftOut = [] }: PictureStore,
  { side, channels = 'auto', halves }: PicturePolicy,
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
      `${halves === undefined ? 'Pictures' : 'Halves of pictures'} ${same ? 'stay' : `are ${were} and become`} ${plan.side} x ${plan.side}, ${channelNames[plan.channels]}; the options side and channels say otherwise.`,
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
    indices.map((index) =>
      store
        .read(index)
        .then(measure)
        .catch(() => undefined),
    ),
  );
  const whole = measured.filter((each) => each !== undefined);
  if (whole.length > 0) return whole;
  throw new GanKitError(
    'invalid-data',
    `None of the first ${count} pictures looked at in '${store.name}' can be decoded, such as '${store.entries[0]?.path}'; look at the files.`,
    { path: store.entries[0]?.path },
  );
}

/** How the pictures of a store are decoded. */
export interface ChosenDecoding {
  readonly sharp: Sharp;
  readonly plan: DecodingPlan;
  /** The options that make the same plan again. */
  readonly chosen: { readonly side: number; readonly channels: 'gray' | 'rgb' | 'rgba' };
  /** What was chosen, and what is left out, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Looks at up to 256 pictures of a store, and chooses what the policy does not say.
 * @throws GanKitError `invalid-data` when none of them can be decoded, `invalid-argument` or `unknown-name` for a policy that makes no sense,
 *   `file` when sharp is absent.
 */
export async function chooseDecoding(store: PictureStore, policy: PicturePolicy): Promise<ChosenDecoding> {
  checkPicturePolicy(policy);
  const sharp = await importSharp();
  const sizes = await survey(store, async (bytes) => {
    const measured = await measurePicture(sharp, bytes);
    return policy.halves === undefined ? measured : { ...measured, width: Math.floor(measured.width / 2) };
  });
  const { fit = 'cover', background = '#ffffff', channels = 'auto' } = policy;
  const automatic = sizes.every(({ gray }) => gray) ? 1 : 3;
  const plan: DecodingPlan = {
    side: policy.side ?? suitableSide(sizes),
    fit,
    background,
    channels: { auto: automatic, gray: 1, rgb: 3, rgba: 4 }[channels] as DecodingPlan['channels'],
  };
  return {
    sharp,
    plan,
    chosen: { side: plan.side, channels: channelNames[plan.channels] },
    notes: notesOf(store, policy, plan, sizes),
  };
}
