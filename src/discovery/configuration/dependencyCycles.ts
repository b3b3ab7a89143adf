import { dependenciesOf } from '../../core/registry/dependencyGraph.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import type { ConfiguredServer } from './configuredServer.js';
import type { Translator } from '../../core/common.js';
import type { ServerId } from '../../core/server/identity.js';
import type { ReferenceProblem } from './entryProblem.js';

/** Returns a problem for each dependency cycle, at the first configured server in it. */
export function cycleProblems(
  definitions: readonly ServerDefinition[],
  configured: ReadonlyMap<ServerId, ConfiguredServer>,
  displayName: (id: ServerId) => string,
  l10n: Translator,
): ReferenceProblem[] {
  const needs = new Map(definitions.map((definition) => [definition.id, dependenciesOf(definition)]));
  return cyclesIn(needs).flatMap((cycle): ReferenceProblem[] => {
    const first = cycle.find((id) => configured.has(id));
    const entry = first === undefined ? undefined : configured.get(first);
    if (!entry) return [];
    const source = entry.definition.source === 'settings' ? 'settings' : 'configuration';
    const names = [...cycle, ...cycle.slice(0, 1)].map(displayName);
    const reason = l10n.t('it depends on itself: {0}', names.join(' → '));
    return [{ source, path: entry.propertyPath('dependsOn'), reason }];
  });
}

/**
 * Returns the cycles that a depth-first search finds. Each cycle begins at the server by which the search entered it.
 */
function cyclesIn(needs: ReadonlyMap<ServerId, readonly ServerId[]>): ServerId[][] {
  const cycles: ServerId[][] = [];
  const done = new Set<ServerId>();
  const path: ServerId[] = [];
  const visit = (id: ServerId): void => {
    const entered = path.indexOf(id);
    if (entered !== -1) cycles.push(path.slice(entered));
    if (entered !== -1 || done.has(id)) return;
    path.push(id);
    for (const needed of needs.get(id) ?? []) visit(needed);
    path.pop();
    done.add(id);
  };
  for (const id of needs.keys()) visit(id);
  return cycles;
}
