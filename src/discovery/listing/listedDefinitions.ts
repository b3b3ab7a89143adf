import type { ServerDefinition } from '../../core/server/definition.js';

/** Omits unlisted servers, except those on which a listed one depends. */
export function listedDefinitions(
  definitions: readonly ServerDefinition[],
  unlisted: readonly ServerDefinition[],
): readonly ServerDefinition[] {
  const hidden = new Set(unlisted);
  const needed = new Set(definitions.flatMap(({ dependsOn = [] }) => dependsOn));
  return definitions.filter((definition) => !hidden.has(definition) || needed.has(definition.id));
}
