// A small picture of the newest samples in the terminal.
import { readFile } from 'node:fs/promises';
import type { EventHandler } from '@gankit/core';
import { decodePng } from '@gankit/pictures/png';
import { type TerminalGraphics, terminalGraphics, terminalPicture } from '@gankit/pictures/terminal';
import { isQuiet } from './say.ts';

/** Characters in a row. */
const columns = 40;
/** Previews of a run; each of its pictures when there are fewer. */
const previews = 4;

/** How pictures are shown here; not at all where nobody looks, or nobody wants to. */
export function previewGraphics(wanted: boolean | undefined): TerminalGraphics | undefined {
  const graphics = terminalGraphics(process.env);
  if (wanted === false || isQuiet()) return undefined;
  if (wanted === true) return graphics ?? 'half-blocks';
  return process.stderr.isTTY ? graphics : undefined;
}

/** The text of a picture file, or nothing when there is none yet. */
export async function previewOf(path: string, graphics: TerminalGraphics): Promise<string | undefined> {
  try {
    return terminalPicture(decodePng(await readFile(path), path), { graphics, columns });
  } catch {
    // Samples that cannot be shown have no picture.
    return undefined;
  }
}

export interface PreviewOptions {
  readonly graphics: TerminalGraphics;
  /** The newest picture of the run. */
  readonly path: string;
  /** Steps of the run, and between two of its pictures. */
  readonly steps: number;
  readonly every: number;
  readonly write: (text: string) => void;
}

/** Shows the newest samples a few times in a run, and at its end. */
export function samplePreview({ graphics, path, steps, every, write }: PreviewOptions): {
  readonly name: string;
  readonly onEvent: EventHandler;
} {
  const pictures = Math.max(1, Math.floor(steps / every));
  const interval = every * Math.max(1, Math.floor(pictures / previews));
  return {
    name: 'preview',
    async onEvent(event) {
      // The picture of a step is written after its event: it is there at the next one.
      const due = event.type === 'step' && event.step > 1 && (event.step - 1) % interval === 0;
      if (!due) return;
      const text = await previewOf(path, graphics);
      if (text !== undefined) write(`Step ${event.step - 1}\n${text}`);
    },
  };
}
