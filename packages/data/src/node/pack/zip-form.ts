// A zip file as StyleGAN's tools write and read it: pictures stored as they are, labels in dataset.json.
import { setImmediate } from 'node:timers/promises';
import { optionalPackage } from '../optional-package.ts';
import type { PackedSet } from './packed-set.ts';

/** Pictures in a folder of the archive. */
const inFolder = 1000;
/** Bytes that may wait to be written. */
const mostWaiting = 2 ** 23;
/** The same set is the same bytes, whenever it is packed. */
const time = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 } as const;

export async function* zipForm({ pictures, classNames }: PackedSet): AsyncGenerator<Uint8Array> {
  const { default: yazl } = await optionalPackage('Zip files are written by', 'yazl', () => import('yazl'));
  const archive = new yazl.ZipFile();
  const output = archive.outputStream as NodeJS.ReadableStream & {
    readonly readableLength: number;
    readonly destroyed: boolean;
    destroy(error?: unknown): void;
  };
  async function fill(): Promise<void> {
    const labels: (readonly [path: string, label: number | readonly number[]])[] = [];
    let index = 0;
    for await (const { png, label, vector } of pictures) {
      const folder = String(Math.floor(index / inFolder)).padStart(5, '0');
      const path = `${folder}/img${String(index++).padStart(8, '0')}.png`;
      archive.addBuffer(Buffer.from(png), path, { ...time, compress: false });
      const told = vector ?? label;
      if (told !== undefined) labels.push([path, told]);
      while (output.readableLength > mostWaiting && !output.destroyed) await setImmediate();
      if (output.destroyed) return;
    }
    const document = { labels: labels.length === 0 ? null : labels, ...(classNames && { classes: classNames }) };
    archive.addBuffer(Buffer.from(JSON.stringify(document)), 'dataset.json', { ...time, compress: false });
    archive.end();
  }
  const filled = fill().catch((error: unknown) => output.destroy(error));
  for await (const part of output) yield part as Buffer;
  await filled;
}
