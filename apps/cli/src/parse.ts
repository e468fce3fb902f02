// Values of options: text in, numbers and parts out.
import { GanKitError } from '@gankit/core';

/** A whole number of at least `minimum`. */
export function wholeNumber(option: string, minimum = 1): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= minimum) return value;
    throw new GanKitError(
      'invalid-argument',
      `${option} must be a whole number of at least ${minimum}, not '${text}'.`,
      {
        value: text,
      },
    );
  };
}

/** A number over 0. */
export function positiveNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
    throw new GanKitError('invalid-argument', `${option} must be a number over 0, not '${text}'.`, { value: text });
  };
}

/** A number from 0 to 1. */
export function share(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= 0 && value <= 1) return value;
    throw new GanKitError('invalid-argument', `${option} must be a number from 0 to 1, not '${text}'.`, {
      value: text,
    });
  };
}

/** A part's name and its options as text: `gradient-penalty:weight=5,interval=4`. */
export interface NamedPart {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

export function namedPart(option: string): (text: string) => NamedPart {
  return (text) => {
    const colon = text.indexOf(':');
    const name = colon < 0 ? text : text.slice(0, colon);
    const pairs = colon < 0 ? [] : text.slice(colon + 1).split(',');
    const options = pairs.map((pair) => {
      const [key = '', value, ...rest] = pair.split('=');
      if (key !== '' && value !== undefined && value !== '' && rest.length === 0) return [key, value] as const;
      throw new GanKitError(
        'invalid-argument',
        `${option} takes NAME or NAME:option=value,option=value, not '${text}'.`,
        {
          value: text,
        },
      );
    });
    return { name, options: Object.fromEntries(options) };
  };
}
