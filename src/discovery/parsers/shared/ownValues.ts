import { isObject } from '../../files/isObject.js';

/** Returns the own entries of an object, so that no key of a file reaches inherited properties. */
export function ownEntries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

/**
 * Returns a scalar of a file as text. Returns an empty text for other values, since some of these cannot be converted.
 */
export function scalarText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? `${value}`
    : '';
}

/** Returns the value of an own key; `undefined` if it is missing, or if the value is not an object. */
export function ownValue(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
