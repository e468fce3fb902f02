// Values of options: text in, numbers and parts out.
import { GanKitError } from '@gankit/core/error';

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

/** An option that may be given several times: all its texts. */
export function several(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
