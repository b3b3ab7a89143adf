import type { ServerDefinition } from '../../core/server/definition.js';

/**
 * One list of both: a configured server takes the place of the discovered one with its id, and those that replace none
 * come first, since a person asked for them.
 */
export function mergeDefinitions(
  discovered: readonly ServerDefinition[],
  configured: readonly ServerDefinition[],
): ServerDefinition[] {
  const byId = new Map(configured.map((definition) => [definition.id, definition]));
  const known = new Set(discovered.map(({ id }) => id));
  return [
    ...configured.filter(({ id }) => !known.has(id)),
    ...discovered.map((definition) => byId.get(definition.id) ?? definition),
  ];
}
