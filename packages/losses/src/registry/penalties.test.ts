import type { Penalty } from '@gankit/core';
import { describeOptions } from '@gankit/core/registry';
import { describe, expect, it } from 'vitest';
import * as functions from '../index.ts';
import { penalties } from './index.ts';

const make = (name: string, options: object = {}) => penalties.create({ ...options, name }, undefined);
const exported: Readonly<Record<string, unknown>> = { ...functions };
/** The function that a library's user calls. */
const functionOf = (name: string) =>
  exported[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] as () => Penalty;

describe('the registry of penalties', () => {
  it.each(penalties.names)('makes %s with its own name, for each player it lists, and documents it', (name) => {
    const entry = penalties.entry(name);
    expect(make(name).name).toBe(name);
    expect(entry.players).toContain(make(name).player);
    for (const player of entry.players) {
      expect(make(name, 'player' in entry.options ? { player } : {}).player).toBe(player);
    }
    expect(entry.source).toMatch(/\d{4}/);
    for (const option of describeOptions(entry.options)) expect(option.description).toMatch(/^[^.]+$/);
  });

  it.each(penalties.names)('lists the default weight and interval that the function %s really has', (name) => {
    const { weight, interval = 1, player } = functionOf(name)();
    expect({ interval: 1, ...make(name) }).toMatchObject({ weight, interval, player });
  });

  it('says which discriminators fit', () => {
    const one = ['logit', 'energy'];
    const fits = Object.fromEntries(
      penalties.entries.map(({ name, needsHeads, verdicts }) => [name, [needsHeads, verdicts]]),
    );
    expect(fits).toEqual({
      'gradient-penalty': [[], one],
      r1: [[], one],
      r2: [[], one],
      dragan: [[], one],
      'maximum-gradient-penalty': [[], one],
      'zero-centered-gradient-penalty': [[], one],
      'wasserstein-divergence': [[], one],
      lecam: [[], one],
      consistency: [[], undefined],
      'balanced-consistency': [[], undefined],
      'latent-consistency': [[], undefined],
      'feature-matching': [['features'], undefined],
      'historical-averaging': [[], undefined],
      'pulling-away': [['features'], undefined],
      'mode-seeking': [[], undefined],
      'path-length': [[], undefined],
    });
  });

  it('passes options on', () => {
    expect(make('gradient-penalty', { weight: 3, interval: 4 })).toMatchObject({ weight: 3, interval: 4 });
    expect(make('r1', { gamma: 3 }).weight).toBe(1.5);
  });

  it('has unique names', () => {
    expect(new Set(penalties.names).size).toBe(penalties.entries.length);
  });

  it('says what is wrong', () => {
    expect(() => make('r11')).toThrow("There is no penalty named 'r11'; did you mean 'r1'?");
    expect(() => make('r1', { gama: 1, interval: 0 })).toThrow(
      "r1: interval must be a whole number of at least 1, not 0. r1: gama is no option of r1; did you mean 'gamma'?",
    );
    expect(() => make('r1', { interval: 1.5 })).toThrow('r1: interval must be a whole number of at least 1, not 1.5.');
    expect(() => make('gradient-penalty', { oneSided: 1 })).toThrow(
      'gradient-penalty: oneSided must be true or false, not 1.',
    );
    expect(() => make('latent-consistency', { player: 'critic' })).toThrow(
      'must be one of discriminator, generator, not "critic"',
    );
  });
});
