// What `gankit data pack` does and says.
import { openPictureStore, type PackPicturesOptions, packPictures } from '@gankit/data/node';
import type { PackFlags } from './commands/data.ts';
import { optionsFromText } from './part-text.ts';
import { say } from './say.ts';

/** The most broken pictures that are named. */
const mostNamed = 20;

export async function pack(path: string, { out, size, set, force }: PackFlags): Promise<void> {
  const store = await openPictureStore(path);
  try {
    const policy = optionsFromText(set) as Partial<PackPicturesOptions>;
    const packed = await packPictures(store, {
      ...policy,
      side: size ?? policy.side,
      out,
      force,
      onProgress: (done, all) => say(`${done.toLocaleString('en')} of ${all.toLocaleString('en')} pictures`),
    });
    for (const { path: picture, reason } of packed.leftOut.slice(0, mostNamed)) say(`Left out: ${picture} (${reason})`);
    const { length } = packed.leftOut;
    if (length > mostNamed) say(`Left out: ${length - mostNamed} more`);
    const { count, side, channels } = packed;
    say(`${count.toLocaleString('en')} pictures of ${side} x ${side}, ${channels}: ${out}`);
    if (out.toLowerCase().endsWith('.tar') && store.classNames !== undefined) {
      say(`A tar file has numbers for classes, from 0: ${store.classNames.slice(0, mostNamed).join(', ')}.`);
    }
    say(`Train on it: gankit train --data ${/[\\/]/.test(out) ? out : `./${out}`}`);
  } finally {
    await store.close();
  }
}
