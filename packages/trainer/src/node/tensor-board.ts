// Event files of TensorBoard: records of protocol buffers (tensorflow/core/util/event.proto, framework/summary.proto).
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  checkInteger,
  checkOptions,
  GanKitError,
  type Network,
  type Player,
  type PlayerNumbers,
  type StepEvent,
  type TrainingEvent,
} from '@gankit/core';
import { makeFolder } from '@gankit/core/node';
import { PbfWriter } from 'pbf';
import { maskedCrc32c } from './crc32c.ts';

/** A picture as an event file holds it; `pngPicture` of `@gankit/pictures/png` makes one. */
export interface PngPicture {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** 1 to 4: grey, grey and alpha, colour, colour and alpha. */
  readonly channels: number;
  /** The bytes of a PNG file. */
  readonly png: Uint8Array;
}

export interface TensorBoardOptions {
  /** The folder that `tensorboard --logdir` is given, or one below it. Made when it is not there. */
  readonly folder: string;
  /** Steps between two points of a curve; 1 by default. */
  readonly scalarsEvery?: number | undefined;
  /** Pictures by name, drawn anew each time; none by default. */
  readonly images?: Readonly<Record<string, () => PngPicture | Promise<PngPicture>>> | undefined;
  /** Steps between two pictures; 100 by default. */
  readonly imagesEvery?: number | undefined;
  /** Networks whose weights are shown as histograms; none by default. */
  readonly histograms?: readonly Network[] | undefined;
  /** Steps between two histograms; 100 by default. */
  readonly histogramsEvery?: number | undefined;
}

/** A callback of a run. */
export interface TensorBoard {
  readonly name: string;
  onEvent(event: TrainingEvent): Promise<void>;
  /** Adds numbers of your own at a step. */
  scalars(step: number, values: Readonly<Record<string, number>>): Promise<void>;
  close(): Promise<void>;
}

/** One record: length, checksum of the length, data, checksum of the data (tensorflow/core/lib/io/record_writer.cc). */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

type Message = (writer: PbfWriter) => void;

const simpleValue =
  (tag: string, value: number): Message =>
  (writer) => {
    writer.writeStringField(1, tag);
    writer.writeFloatField(2, value);
  };

const image =
  (tag: string, picture: PngPicture): Message =>
  (writer) => {
    writer.writeStringField(1, tag);
    writer.writeMessage(
      4,
      (_, inner) => {
        inner.writeVarintField(1, picture.height);
        inner.writeVarintField(2, picture.width);
        inner.writeVarintField(3, picture.channels);
        inner.writeBytesField(4, picture.png);
      },
      undefined,
    );
  };

/** Equal buckets between the smallest and the largest value; enough for TensorBoard, which resamples them. */
const buckets = 30;

const histogram =
  (tag: string, values: ArrayLike<number>): Message =>
  (writer) => {
    let [minimum, maximum, sum, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
      sum += value;
      squares += value * value;
    }
    const width = (maximum - minimum) / buckets;
    const counts = new Array<number>(width > 0 ? buckets : 1).fill(0);
    for (let index = 0; index < values.length; index++) {
      const bucket = width > 0 ? Math.min(buckets - 1, Math.floor((values[index]! - minimum) / width)) : 0;
      counts[bucket]!++;
    }
    const limits = counts.map((_, index) => (index === counts.length - 1 ? maximum : minimum + (index + 1) * width));
    writer.writeStringField(1, tag);
    writer.writeMessage(
      5,
      (_, inner) => {
        for (const [index, value] of [minimum, maximum, values.length, sum, squares].entries()) {
          inner.writeDoubleField(index + 1, value);
        }
        inner.writePackedDouble(6, limits);
        inner.writePackedDouble(7, counts);
      },
      undefined,
    );
  };

/** The bytes of an event. @param content What follows the wall time. */
function encodeEvent(content: Message): Uint8Array {
  const writer = new PbfWriter();
  writer.writeDoubleField(1, Date.now() / 1000);
  content(writer);
  return encodeRecord(writer.finish());
}

const summary =
  (step: number, values: readonly Message[]): Message =>
  (writer) => {
    writer.writeVarintField(2, step);
    writer.writeMessage(
      5,
      (_, inner) => {
        for (const value of values) inner.writeMessage(1, (__, writerOfValue) => value(writerOfValue), undefined);
      },
      undefined,
    );
  };

/** The curves of one player, in TensorBoard's groups. */
function playerScalars(player: Player, numbers: PlayerNumbers | undefined): [string, number | undefined][] {
  if (numbers === undefined) return [];
  const fake = player === 'discriminator' ? 'fake' : 'generated';
  const real = player === 'discriminator' ? numbers : undefined;
  return [
    [`loss/${player}`, numbers.adversarialLoss],
    [`objective/${player}`, numbers.objective],
    ['logit/real', real?.realLogit],
    [`logit/${fake}`, numbers.fakeLogit],
    ['score/real', real?.realScore],
    [`score/${fake}`, numbers.fakeScore],
    ['accuracy/real', real?.realAccuracy],
    [`accuracy/${fake}`, numbers.fakeAccuracy],
    [`gradient-norm/${player}`, numbers.gradientNorm],
    [`update-ratio/${player}`, numbers.updateRatio],
    ['samples/diversity', numbers.sampleDiversity],
    ...Object.entries(numbers.penalties).map(([name, value]): [string, number] => [`penalty/${player}/${name}`, value]),
  ];
}

/** The curves of a step; what has no meaning for the loss at hand is absent. */
function stepScalars(event: StepEvent): Record<string, number> {
  const curves: [string, number | undefined][] = [
    ...playerScalars('discriminator', event.discriminator),
    ...playerScalars('generator', event.generator),
    ['accuracy/all', event.accuracy],
    ['updates/discriminator', event.discriminatorUpdates],
    ['updates/generator', event.generatorUpdates],
  ];
  return Object.fromEntries(curves.filter((curve): curve is [string, number] => curve[1] !== undefined));
}

/** Files that one process opened within the same second must differ in name. */
let opened = 0;

/**
 * Writes a run as an event file that TensorBoard reads: curves of every number, pictures, histograms of weights. Each call opens a
 * file of its own; when a resumed run writes into the same folder, TensorBoard drops what the killed one wrote after that step.
 * @throws GanKitError `file` when the file cannot be written.
 */
export async function tensorBoard(options: TensorBoardOptions): Promise<TensorBoard> {
  checkOptions('tensorBoard', options, {
    folder: 'required',
    scalarsEvery: 'optional',
    images: 'optional',
    imagesEvery: 'optional',
    histograms: 'optional',
    histogramsEvery: 'optional',
  });
  const { folder, scalarsEvery = 1, images = {}, imagesEvery = 100, histograms = [], histogramsEvery = 100 } = options;
  checkInteger('scalarsEvery', scalarsEvery);
  checkInteger('imagesEvery', imagesEvery);
  checkInteger('histogramsEvery', histogramsEvery);
  await makeFolder(folder);
  // Also a run that was killed before its first checkpoint begins again, at step 0, in a folder that holds its earlier steps.
  const hasEarlierFiles = (await readdir(folder)).some((file) => file.includes('.tfevents.'));
  const name = `events.out.tfevents.${Math.floor(Date.now() / 1000)}.${hostname()}.${process.pid}.${opened++}`;
  const path = join(folder, name);
  const failure = (cause: unknown) =>
    new GanKitError('file', `'${path}' cannot be written (${(cause as Error).message}).`, { path, cause });
  let file: FileHandle;
  try {
    file = await open(path, 'wx');
    await file.appendFile(encodeEvent((writer) => writer.writeStringField(3, 'brain.Event:2')));
  } catch (cause) {
    throw failure(cause);
  }
  async function write(content: Message): Promise<void> {
    try {
      await file.appendFile(encodeEvent(content));
    } catch (cause) {
      throw failure(cause);
    }
  }
  const scalars = (step: number, values: Readonly<Record<string, number>>) =>
    write(
      summary(
        step,
        Object.entries(values).map(([tag, value]) => simpleValue(tag, value)),
      ),
    );

  async function drawn(): Promise<Message[]> {
    const values: Message[] = [];
    for (const [tag, draw] of Object.entries(images)) values.push(image(tag, await draw()));
    return values;
  }

  async function showPictures(step: number): Promise<void> {
    const values = await drawn();
    if (values.length > 0) await write(summary(step, values));
  }

  async function showWeights(step: number): Promise<void> {
    const values: Message[] = [];
    for (const network of histograms) {
      for (const { name: variableName, variable } of network.variables) {
        values.push(histogram(`${network.name}/${variableName}`, (await variable.data()) as Float32Array));
      }
    }
    if (values.length > 0) await write(summary(step, values));
  }

  return {
    name: 'tensor-board',
    async onEvent(event) {
      if (event.type === 'start' && hasEarlierFiles) {
        // SessionLog { status: START } at the first step to come: everything from there on is written again.
        await write((writer) => {
          writer.writeVarintField(2, event.step + 1);
          writer.writeMessage(7, (_, inner) => inner.writeVarintField(1, 1), undefined);
        });
      }
      // Drawn before the first step: what cannot be drawn is found out then, not in the middle of the run.
      if (event.type === 'start') {
        if (event.step === 0) await showPictures(0);
        else await drawn();
      }
      if (event.type !== 'step') return;
      const { step } = event;
      if (step % scalarsEvery === 0) await scalars(step, stepScalars(event));
      if (step % imagesEvery === 0) await showPictures(step);
      if (step % histogramsEvery === 0) await showWeights(step);
    },
    scalars,
    close: () => file.close(),
  };
}
