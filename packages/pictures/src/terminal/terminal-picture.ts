// A picture as the text that a terminal shows as one.
import { checkChoice, checkInteger, checkOptions } from '@gankit/core';
import type { Picture } from '../picture.ts';
import { encodePng } from '../png.ts';
import { halfBlocks } from './half-blocks.ts';
import { shrunk } from './shrunk.ts';
import { sixels } from './sixels.ts';

/** How a terminal shows pictures: by a protocol of its own, or as half blocks of coloured characters, which all that know colours do. */
export type TerminalGraphics = 'kitty' | 'iterm2' | 'sixel' | 'half-blocks';

export interface TerminalPictureOptions {
  readonly graphics: TerminalGraphics;
  /** Characters in a row at most; 40 by default. */
  readonly columns?: number | undefined;
}

/** Pixels of a character's width that are assumed where nobody tells. */
const pixelsPerColumn = 8;
/** The most base64 of one command of kitty's protocol. */
const kittyChunk = 4096;

/**
 * What a terminal can show, by its environment; nothing where it says that it wants no colours, or is none.
 * @param environment That of the process.
 */
export function terminalGraphics(
  environment: Readonly<Record<string, string | undefined>>,
): TerminalGraphics | undefined {
  const { TERM = '', TERM_PROGRAM = '', NO_COLOR = '', TMUX } = environment;
  if (NO_COLOR !== '' || TERM === 'dumb' || TERM === '') return undefined;
  // What stands between passes on characters and nothing else.
  if (TMUX !== undefined || /^(screen|tmux)/.test(TERM)) return 'half-blocks';
  if (environment['KITTY_WINDOW_ID'] !== undefined || /kitty|ghostty/.test(TERM) || TERM_PROGRAM === 'ghostty')
    return 'kitty';
  if (['iTerm.app', 'WezTerm', 'mintty'].includes(TERM_PROGRAM)) return 'iterm2';
  if (/^(foot|mlterm|yaft|contour)|sixel/.test(TERM)) return 'sixel';
  return 'half-blocks';
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x3000) text += String.fromCharCode(...bytes.subarray(at, at + 0x3000));
  return btoa(text);
}

/** Graphics protocol of kitty: a PNG in commands of at most 4096 characters. */
function kitty(picture: Picture, columns: number): string {
  const text = base64(encodePng(picture));
  const commands: string[] = [];
  for (let at = 0; at < text.length; at += kittyChunk) {
    const more = at + kittyChunk < text.length ? 1 : 0;
    const keys = at === 0 ? `f=100,a=T,q=2,c=${columns},m=${more}` : `m=${more}`;
    commands.push(`\u001b_G${keys};${text.slice(at, at + kittyChunk)}\u001b\\`);
  }
  return `${commands.join('')}\n`;
}

/** Inline images of iTerm2. */
function iterm2(picture: Picture, columns: number): string {
  const png = encodePng(picture);
  return `\u001b]1337;File=inline=1;size=${png.length};width=${columns};preserveAspectRatio=1:${base64(png)}\u0007\n`;
}

/**
 * A picture as text for a terminal, with a line break at its end.
 * @throws GanKitError `invalid-argument` or `unknown-name` for options that are none.
 */
export function terminalPicture(picture: Picture, options: TerminalPictureOptions): string {
  checkOptions('terminalPicture', options, { graphics: 'required', columns: 'optional' });
  const { graphics, columns = 40 } = options;
  checkChoice('graphics of a terminal', graphics, ['kitty', 'iterm2', 'sixel', 'half-blocks']);
  checkInteger('columns', columns);
  if (graphics === 'half-blocks') return halfBlocks(shrunk(picture, columns));
  const shown = Math.min(columns, Math.ceil(picture.width / pixelsPerColumn) * 2);
  if (graphics === 'kitty') return kitty(picture, shown);
  if (graphics === 'iterm2') return iterm2(picture, shown);
  return sixels(shrunk(picture, columns * pixelsPerColumn));
}
