// HTML text in which everything that is put in is escaped, unless it is markup itself.
import { escapeText } from '@gankit/pictures';

/** Text that is HTML already. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | undefined | false | readonly Part[];

const isMarkup = (part: object): part is Markup => 'markup' in part;

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'object') return isMarkup(part) ? part.markup : part.map(textOf).join('');
  return escapeText(String(part));
}

/** `html\`<b>${anything}</b>\``: lists are joined, `undefined` and `false` are nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: texts.reduce((whole, text, index) => `${whole}${textOf(parts[index - 1])}${text}`) };
}

/** Markup that was made elsewhere, such as SVG. */
export function raw(markup: string): Markup {
  return { markup };
}

/** JSON for a script element of data: nothing in it ends the element. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

/** Bytes as base64, a piece at a time: a call takes only so many arguments. */
export function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  const piece = 0x3000;
  for (let at = 0; at < bytes.length; at += piece) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + piece))));
  }
  return pieces.join('');
}
