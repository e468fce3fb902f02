import { describe, expect, it } from 'vitest';
import { createPenalty, penaltyEntries, penaltyEntry, penaltyNames } from './index.ts';

describe('the registry of penalties', () => {
  it.each(penaltyNames)('makes %s with its own name, for each player it lists, and documents it', (name) => {
    const entry = penaltyEntry(name);
    expect(createPenalty(name).name).toBe(name);
    expect(entry.players).toContain(createPenalty(name).player);
    for (const player of entry.players) {
      const options = entry.options.some((option) => option.name === 'player') ? { player } : {};
      expect(createPenalty(name, options).player).toBe(player);
    }
    expect(entry.source).toMatch(/\d{4}/);
    for (const option of entry.options) expect(option.description).toMatch(/^[^.]+$/);
  });

  it.each(penaltyNames)('lists the default weight and interval that the function %s really has', (name) => {
    const { options } = penaltyEntry(name);
    const defaults = Object.fromEntries(options.map((option) => [option.name, option.default]));
    const { weight, interval, player } = createPenalty(name);
    expect(createPenalty(name, defaults)).toMatchObject({ weight, interval, player });
  });

  it('says which discriminators fit', () => {
    const one = ['logit', 'energy'];
    const fits = Object.fromEntries(
      penaltyEntries.map(({ name, needsHeads, verdicts }) => [name, [needsHeads, verdicts]]),
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
    expect(createPenalty('gradient-penalty', { weight: 3, interval: 4 })).toMatchObject({ weight: 3, interval: 4 });
    expect(createPenalty('r1', { gamma: 3 }).weight).toBe(1.5);
  });

  it('has unique names', () => {
    expect(new Set(penaltyNames).size).toBe(penaltyEntries.length);
  });

  it('says what is wrong', () => {
    expect(() => createPenalty('r11')).toThrow("There is no penalty named 'r11'; did you mean 'r1'?");
    expect(() => createPenalty('r1', { gama: 1 })).toThrow("did you mean 'gamma'?");
    expect(() => createPenalty('r1', { interval: 1.5 })).toThrow(/r1's option 'interval' must be a whole number/);
    expect(() => createPenalty('gradient-penalty', { oneSided: 1 })).toThrow('must be a boolean, not 1.');
    expect(() => createPenalty('latent-consistency', { player: 'critic' })).toThrow(/There is no choice for/);
  });
});
