import type { ServerDefinition } from '../server/definition.js';
import type { ServerId } from '../server/identity.js';
import type { ServerState } from '../server/state.js';
import type { ServerRecord } from './snapshot.js';

/** Returns the present record if the definition did not change, so that views find nothing changed. */
export function definedRecord(
  definition: ServerDefinition,
  previous: ReadonlyMap<ServerId, ServerRecord>,
): ServerRecord {
  const record = previous.get(definition.id);
  if (record && !record.retired && isSameDefinition(record.definition, definition)) return record;
  const state: ServerState = record?.state ?? { kind: 'stopped', lastEnd: undefined };
  return Object.freeze({ definition, state, retired: false });
}

/** Compares identity first, since most definitions are the same object. All are plain data with a fixed key order. */
function isSameDefinition(one: ServerDefinition, other: ServerDefinition): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
