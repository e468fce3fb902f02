// What is known of samples by their classes.
import { describe, expect, it } from 'vitest';
import { classCoverage, stackedClasses } from './class-coverage.ts';
import { classification } from './classification.ts';
import { takeRows } from './features.ts';
import { intraClassFrechet } from './intra-class-frechet.ts';
import { linearDiscriminant } from './linear-discriminant.ts';
import { agreement, deviation, labels, mapped, recorded, sets } from './references.fixture.ts';

describe('classification', () => {
  it('counts exactly', () => {
    const found = classification([0, 0, 1, 1, 1], [0, 1, 1, 1, 0], 3);
    expect(found).toMatchObject({
      accuracy: 0.6,
      samples: 5,
      confusion: [
        [1, 1, 0],
        [1, 2, 0],
        [0, 0, 0],
      ],
    });
    expect(found.perClass).toEqual([0.5, 2 / 3, Number.NaN]);
    expect(found.standardError).toBeCloseTo(Math.sqrt((0.6 * 0.4) / 5), 12);
  });

  it('says what is wrong', () => {
    expect(() => classification([0, 3], [0, 1], 3)).toThrow('number 1 is 3');
    expect(() => classification([0], [0, 1], 3)).toThrow('1 labels that were told and 2 found');
    expect(() => classification([], [], 3)).toThrow('no label');
  });
});

describe('linear discriminant', () => {
  it('is that of scikit-learn', () => {
    const classifier = linearDiscriminant(sets.classes, labels, 3);
    expect([...classifier.classify(sets.classes)]).toEqual(recorded.lda.own);
    expect([...classifier.classify(mapped(sets.C, (value) => value + 0.7))]).toEqual(recorded.lda.others);
  });

  it('knows apart what lies apart, with features that say nothing and a class without samples', () => {
    const apart = mapped(sets.A, (value, row, column) => (column === 3 ? 7 : value + 20 * (row % 2)));
    const told = Uint32Array.from({ length: 60 }, (_, row) => 2 * (row % 2));
    expect([...linearDiscriminant(apart, told, 3).classify(apart)]).toEqual([...told]);
  });

  it('says what is wrong', () => {
    expect(() => linearDiscriminant(sets.A, [1], 3)).toThrow('60 rows of features and 1 labels');
    expect(() => linearDiscriminant(takeRows(sets.A, [0, 1]), [0, 1], 2)).toThrow('No class has two different rows');
  });
});

describe('intra-class Fréchet distance', () => {
  const generated = { ...mapped(sets.C, (value) => value + 1), labels };

  it('is that of numpy in each class', () => {
    const { perClass, mean } = intraClassFrechet({ ...sets.classes, labels }, generated, 3);
    recorded.intra.forEach((value, label) => {
      expect(deviation(perClass[label]!, value)).toBeLessThan(agreement);
    });
    expect(mean).toBeCloseTo((perClass[0]! + perClass[1]! + perClass[2]!) / 3, 12);
  });

  it('sees classes that are mixed up where the whole looks the same', () => {
    const real = { ...sets.classes, labels };
    expect(intraClassFrechet(real, real, 3).mean).toBe(0);
    const turned = { ...sets.classes, labels: labels.map((label) => (label + 1) % 3) };
    expect(intraClassFrechet(real, turned, 3).mean).toBeGreaterThan(1);
  });

  it('says what is wrong', () => {
    const few = { ...takeRows(sets.C, [0, 1, 3, 4]), labels: labels.subarray(0, 4) };
    expect(() => intraClassFrechet({ ...sets.classes, labels }, { ...few, labels: [0, 1, 0, 1] }, 3)).toThrow(
      'Class 2 has 0 of the generated samples',
    );
  });
});

describe('class coverage', () => {
  it('counts classes and how even they are', () => {
    expect(classCoverage([0, 1, 2, 3], 4)).toEqual({ classesFound: 4, classes: 4, reverseKl: 0, samples: 4 });
    expect(classCoverage([2, 2, 2], 4).reverseKl).toBeCloseTo(Math.log(4), 12);
    const { classesFound, reverseKl } = classCoverage([0, 0, 0, 1], 3, [60, 20, 20]);
    expect(classesFound).toBe(2);
    expect(reverseKl).toBeCloseTo(0.75 * Math.log(0.75 / 0.6) + 0.25 * Math.log(0.25 / 0.2), 12);
    expect(classCoverage([1], 2, [1, 0]).reverseKl).toBe(Number.POSITIVE_INFINITY);
  });

  it('reads stacked digits as one number', () => {
    expect([...stackedClasses([1, 2, 3, 9, 0, 9])]).toEqual([123, 909]);
    const digits = Uint8Array.from(
      { length: 3000 },
      (_, at) => Math.floor(Math.floor(at / 3) / 10 ** (2 - (at % 3))) % 10,
    );
    expect(classCoverage(stackedClasses(digits), 1000)).toMatchObject({ classesFound: 1000, reverseKl: 0 });
    expect(() => stackedClasses([1, 2])).toThrow('2 labels are not whole images of 3 channels.');
    expect(() => stackedClasses([1, 2, 10])).toThrow('number 2 is 10');
  });

  it('says what is wrong', () => {
    expect(() => classCoverage([0], 2, [1])).toThrow('2 frequencies of at least 0');
    expect(() => classCoverage([], 2)).toThrow('no sample');
  });
});
