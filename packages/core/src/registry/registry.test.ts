// Parts by name: what is listed, checked, described and made, and what is said of what is wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  check,
  checkedValue,
  choice,
  choices,
  describeOptions,
  entryOf,
  flag,
  formatFault,
  members,
  type NamedPart,
  number,
  option,
  optionFromText,
  type PartOf,
  registry,
  required,
  text,
  wholeNumber,
  wholeNumbers,
} from './index.ts';

const shape = entryOf<string, { readonly unit: string }>();
const circle = shape({
  name: 'circle',
  title: 'Circle',
  description: 'all points at one distance',
  source: 'Euclid',
  options: {
    radius: option(number({ minimum: 0 }), { default: 1, description: 'the distance' }),
    filled: option(flag(), { default: false, description: 'whether its inside belongs to it' }),
  },
  create: ({ radius, filled }, { unit }) => `${filled ? 'disc' : 'circle'} of ${radius} ${unit}`,
});
const polygon = shape({
  name: 'polygon',
  title: 'Polygon',
  description: 'corners joined by lines',
  source: 'Euclid',
  options: {
    corners: required(wholeNumber({ minimum: 3, maximum: 100 }), 'how many corners'),
    style: option(choice(['sharp', 'round']), { default: 'sharp', description: 'of the corners' }),
    sides: option(wholeNumbers(), { description: 'their lengths' }),
    marks: option(choices(['corners', 'middles']), { default: [], description: 'what is marked' }),
    label: option(text(), { description: 'what is written inside' }),
  },
  create: ({ corners, style }) => `${style} ${corners}-gon`,
});
const shapes = registry('shape', [circle, polygon]);

/** A part without the types of its options, as a file has it. */
const untyped = (part: object) => part as NamedPart;

describe('a registry', () => {
  it('lists its parts and makes them with defaults', () => {
    expect(shapes.names).toEqual(['circle', 'polygon']);
    expect(shapes.create({ name: 'circle' }, { unit: 'm' })).toBe('circle of 1 m');
    expect(shapes.create({ name: 'circle', radius: 2, filled: true }, { unit: 'cm' })).toBe('disc of 2 cm');
    expect(shapes.create({ name: 'polygon', corners: 5 }, { unit: 'm' })).toBe('sharp 5-gon');
  });

  it('types parts by their names', () => {
    const good: PartOf<typeof shapes> = { name: 'polygon', corners: 4, style: 'round' };
    // @ts-expect-error a circle has no corners
    const wrong: PartOf<typeof shapes> = { name: 'circle', corners: 4 };
    expect([good, wrong]).toHaveLength(2);
  });

  it('says every fault of a part at once', () => {
    expect(() => shapes.create(untyped({ name: 'polgon' }), { unit: 'm' })).toThrow(
      "There is no shape named 'polgon'; did you mean 'polygon'?",
    );
    expect(() => shapes.create(untyped({ name: 'polygon', style: 'shrap', cornres: 3 }), { unit: 'm' })).toThrow(
      "polygon: corners is missing. polygon: style must be one of sharp, round, not \"shrap\"; did you mean 'sharp'? polygon: cornres is no option of polygon; did you mean 'corners'?",
    );
  });

  it('refuses two parts of one name', () => {
    expect(() => registry('shape', [circle, circle])).toThrow("Two entries have the name 'circle'.");
  });
});

describe('a schema of named parts', () => {
  const drawing = members('a drawing', { shape: shapes.schema, scale: option(number(), { description: 'its scale' }) });
  const faults = (value: unknown) => check(drawing, value).faults.map((fault) => formatFault(fault, 'The drawing'));

  it('gives the value with defaults', () => {
    expect(checkedValue('drawing', drawing, { shape: { name: 'circle' } })).toEqual({
      shape: { name: 'circle', radius: 1, filled: false },
    });
  });

  it.each<[unknown, string[]]>([
    [3, ['The drawing must be an object, not 3.']],
    [null, ['The drawing must be an object, not null.']],
    [{}, ['shape is missing.']],
    [{ shape: 'circle' }, ['shape must be an object with a name, not "circle".']],
    [{ shape: {} }, ['shape.name is missing; it is one of circle, polygon.']],
    [{ shape: { name: 'circel' } }, ['shape.name is "circel", and there is no such shape; did you mean \'circle\'?']],
    [
      { shape: { name: 'circle', radius: -1, radios: 2 }, scale: '2' },
      [
        'shape.radius must be a number of at least 0, not -1.',
        "shape.radios is no option of circle; did you mean 'radius'?",
        'scale must be a number, not "2".',
      ],
    ],
    [{ shape: { name: 'polygon', corners: 2.5 } }, ['shape.corners must be a whole number from 3 to 100, not 2.5.']],
    [
      { shape: { name: 'polygon', corners: 3, sides: [1, 0] } },
      ['shape.sides[1] must be a whole number of at least 1, not 0.'],
    ],
    [
      { shape: { name: 'polygon', corners: 3, marks: ['corners', 'corners'] } },
      ['shape.marks must not name anything twice.'],
    ],
    [{ shape: { name: 'polygon', corners: 3, label: '' } }, ['shape.label must be text, not "".']],
    [{ shape: { name: 'circle', radius: Number.NaN } }, ['shape.radius must be a number of at least 0, not NaN.']],
  ])('%j: %j', (value, expected) => {
    expect(faults(value)).toEqual(expected);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('lets no key %s pass, at any depth', (key) => {
    expect(faults(JSON.parse(`{"shape": {"name": "circle", "${key}": {"radius": 3}}}`))).toEqual([
      `shape.${key} is no name for an option.`,
    ]);
    expect(faults(JSON.parse(`{"${key}": 1}`))).toEqual([`${key} is no name for an option.`]);
  });

  it('answers anything whatever, and never with another error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ shape: fc.anything(), scale: fc.anything() })), (value) => {
        const { faults: found } = check(drawing, value);
        for (const fault of found) expect(formatFault(fault)).toMatch(/[.?]$/);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('what is known of options', () => {
  const [corners, style, sides, marks, label] = describeOptions(polygon.options);

  it('comes out of their schemas', () => {
    expect(describeOptions(circle.options)).toEqual([
      { name: 'radius', description: 'the distance', type: 'number', required: false, default: 1, minimum: 0 },
      {
        name: 'filled',
        description: 'whether its inside belongs to it',
        type: 'flag',
        required: false,
        default: false,
      },
    ]);
    expect(corners).toMatchObject({ type: 'whole number', required: true, minimum: 3, maximum: 100 });
    expect(style).toMatchObject({ type: 'choice', choices: ['sharp', 'round'], default: 'sharp' });
    expect([sides?.type, marks?.type, label?.type]).toEqual(['whole numbers', 'choices', 'text']);
    expect(marks?.choices).toEqual(['corners', 'middles']);
  });

  it('is plain data, also where an option is a part itself', () => {
    const shapes = registry('shape', [circle, polygon]);
    const [inside] = describeOptions({ inside: option(shapes.schema, { description: 'what lies inside' }) });
    expect(inside).toEqual({ name: 'inside', description: 'what lies inside', type: 'other', required: false });
    expect(structuredClone(inside)).toEqual(inside);
  });

  it('reads their values from text, and leaves what it cannot read for the schema to refuse', () => {
    expect(optionFromText(corners!, ' 5 ')).toBe(5);
    expect(optionFromText(corners!, 'five')).toBe('five');
    expect(optionFromText(style!, 'round')).toBe('round');
    expect(optionFromText(sides!, '1, 2 3')).toEqual([1, 2, 3]);
    expect(optionFromText(sides!, '128x64')).toEqual([128, 64]);
    expect(optionFromText(marks!, 'corners, middles')).toEqual(['corners', 'middles']);
    expect(optionFromText({ type: 'flag' }, 'true')).toBe(true);
    expect(optionFromText({ type: 'choice', choices: [16, 70] }, '70')).toBe(70);
  });
});
