import { isObject } from '../files/isObject.js';

/** What a value is called with its own keys, so that no key of a file reaches what JavaScript keeps for itself. */
export function ownEntries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : [];
}

/** The value of an own key; `undefined` when there is none, or the value is no object. */
export function ownValue(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
