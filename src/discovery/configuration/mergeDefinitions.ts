import type { ServerDefinition } from '../../core/server/definition.js';

/**
 * Merges both lists: a configured server replaces the discovered one with its id. Servers that replace none come first,
 * since the user asked for them.
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
