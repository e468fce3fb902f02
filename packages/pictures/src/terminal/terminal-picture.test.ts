import { execFileSync } from 'node:child_process';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import type { Picture } from '../picture.ts';
import { encodePng } from '../png.ts';
import { terminalGraphics, terminalPicture } from './index.ts';

const picture = (width: number, height: number): Picture => ({
  width,
  height,
  channels: 3,
  data: Uint8Array.from(
    { length: width * height * 3 },
    (_, index) => Math.floor(1e4 * Math.abs(Math.sin(index))) % 256,
  ),
});

test('half blocks show two rows of pixels in a line, in their colours', () => {
  const two: Picture = { width: 2, height: 3, channels: 1, data: Uint8Array.of(0, 10, 20, 30, 40, 40) };
  expect(terminalPicture(two, { graphics: 'half-blocks', columns: 2 })).toBe(
    '\u001b[38;2;0;0;0;48;2;20;20;20m▀\u001b[38;2;10;10;10;48;2;30;30;30m▀\u001b[0m\n\u001b[38;2;40;40;40;49m▀▀\u001b[0m\n',
  );
});

test('what is wider than the columns is shrunk to means, and transparency is black', () => {
  const wide: Picture = {
    width: 4,
    height: 2,
    channels: 2,
    data: Uint8Array.of(0, 255, 100, 255, 200, 255, 200, 0, 0, 255, 100, 255, 200, 255, 200, 0),
  };
  expect(terminalPicture(wide, { graphics: 'half-blocks', columns: 2 })).toBe(
    '\u001b[38;2;50;50;50;49m▀\u001b[38;2;100;100;100;49m▀\u001b[0m\n',
  );
});

test('kitty and iTerm2 are given the same PNG, in pieces that fit', () => {
  const large = picture(120, 90);
  const png = Buffer.from(encodePng(large));
  const commands = terminalPicture(large, { graphics: 'kitty' })
    .split('\u001b_G')
    .slice(1)
    .map((command) => command.split('\u001b\\')[0]!.split(';'));
  expect(commands.length).toBeGreaterThan(1);
  expect(commands.every(([, text]) => text!.length <= 4096)).toBe(true);
  expect(commands.map(([keys]) => /m=(\d)/.exec(keys!)![1])).toEqual([...commands.slice(1).map(() => '1'), '0']);
  expect(Buffer.from(commands.map(([, text]) => text).join(''), 'base64')).toEqual(png);
  const [, size, text] = /size=(\d+);.*:(.*)$/.exec(terminalPicture(large, { graphics: 'iterm2' }).slice(0, -2))!;
  expect(Number(size)).toBe(png.length);
  expect(decode(Buffer.from(text!, 'base64'))).toMatchObject({ width: 120, height: 90 });
});

/** A decoder that others wrote; this test is passed over where it is not installed. */
const decoder = (() => {
  try {
    execFileSync('sixel2png', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!decoder)('libsixel reads the same picture from sixels, as far as 252 colours go', () => {
  const small = picture(17, 13);
  const text = terminalPicture(small, { graphics: 'sixel', columns: 40 }).trimEnd();
  const read = decode(execFileSync('sixel2png', [], { input: text }));
  expect([read.width, read.height]).toEqual([17, 13]);
  const colours = read.palette ? [...read.data].flatMap((index) => read.palette![index]!.slice(0, 3)) : [...read.data];
  // Half a step of six levels, and a percent.
  small.data.forEach((value, index) => {
    expect(Math.abs(value - colours[index]!)).toBeLessThanOrEqual(29);
  });
});

test('a terminal is known by its environment', () => {
  const known = (environment: Record<string, string>) => terminalGraphics({ TERM: 'xterm-256color', ...environment });
  expect(known({})).toBe('half-blocks');
  expect(known({ TERM: 'xterm-kitty' })).toBe('kitty');
  expect(known({ TERM_PROGRAM: 'iTerm.app' })).toBe('iterm2');
  expect(known({ TERM: 'foot' })).toBe('sixel');
  expect(known({ TERM: 'xterm-kitty', TMUX: '/tmp/tmux' })).toBe('half-blocks');
  expect(known({ NO_COLOR: '1' })).toBeUndefined();
  expect(known({ TERM: 'dumb' })).toBeUndefined();
  expect(terminalGraphics({})).toBeUndefined();
});
