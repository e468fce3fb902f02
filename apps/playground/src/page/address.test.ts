import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAddress, writeAddress } from './address.ts';

test('any experiment comes back from its address, also with signs that addresses use themselves', () => {
  const object = fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.jsonValue({ depthSize: 'small' }),
  );
  fc.assert(
    fc.property(object, fc.option(object, { nil: undefined }), (recipe, against) => {
      const experiment = { recipe, ...(against !== undefined && { against }) };
      const hash = writeAddress({ view: 'points', experiment });
      // What a browser makes of it must be what was written.
      const { hash: kept } = new URL(hash, 'https://example.org/site/');
      const read = readAddress(kept);
      expect(read.fault).toBeUndefined();
      expect(JSON.stringify(read.experiment)).toBe(JSON.stringify(experiment));
    }),
  );
});

test('any text is a place, with a sentence where it is none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { view, fault } = readAddress(`#${text}`);
      expect(['points', 'pictures', 'questions']).toContain(view);
      if (fault !== undefined) expect(fault).toMatch(/^[A-Z].*\.$/s);
    }),
  );
  expect(readAddress('')).toEqual({ view: 'points' });
  expect(readAddress('#questions/k')).toEqual({ view: 'questions', question: 'k' });
  expect(readAddress('#pictures?recipe=[1]').fault).toContain('damaged');
  expect(readAddress(`#points?recipe=${'x'.repeat(200_000)}`).fault).toContain('too long');
});
