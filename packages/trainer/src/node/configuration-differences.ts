import type { Json } from '@gankit/core';

const isObject = (value: Json | undefined): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const written = (value: Json | undefined) => (value === undefined ? 'absent' : JSON.stringify(value));

/** Every place in which two configurations differ: `model.width was 32 and is now 64`. */
export function configurationDifferences(saved: Json | undefined, now: Json | undefined, path = ''): string[] {
  if (isObject(saved) && isObject(now)) {
    const keys = [...new Set([...Object.keys(saved), ...Object.keys(now)])];
    return keys.flatMap((key) => configurationDifferences(saved[key], now[key], path === '' ? key : `${path}.${key}`));
  }
  if (JSON.stringify(saved) === JSON.stringify(now)) return [];
  return [`${path === '' ? 'the configuration' : path} was ${written(saved)} and is now ${written(now)}`];
}
