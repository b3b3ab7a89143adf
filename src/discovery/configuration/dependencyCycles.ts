import { dependenciesOf } from '../../core/registry/dependencyGraph.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import type { ConfiguredServer } from './configuredServer.js';
import type { Translator } from '../../core/common.js';
import type { ServerId } from '../../core/server/identity.js';
import type { ReferenceProblem } from './entryProblem.js';

/** A problem for every circle of servers that wait for each other, at the first of them that a person has written. */
export function cycleProblems(
  definitions: readonly ServerDefinition[],
  written: ReadonlyMap<ServerId, ConfiguredServer>,
  nameOf: (id: ServerId) => string,
  l10n: Translator,
): ReferenceProblem[] {
  const needs = new Map(definitions.map((definition) => [definition.id, dependenciesOf(definition)]));
  return cyclesIn(needs).flatMap((cycle): ReferenceProblem[] => {
    const first = cycle.find((id) => written.has(id));
    const entry = first === undefined ? undefined : written.get(first);
    if (!entry) return [];
    const source = entry.definition.source === 'settings' ? 'settings' : 'configuration';
    const names = [...cycle, ...cycle.slice(0, 1)].map(nameOf);
    const reason = l10n.t('it waits for itself: {0}', names.join(' → '));
    return [{ source, path: entry.pathOf('dependsOn'), reason }];
  });
}

/** The circles that a walk along the needs comes upon, each from where the walk entered it. */
function cyclesIn(needs: ReadonlyMap<ServerId, readonly ServerId[]>): ServerId[][] {
  const cycles: ServerId[][] = [];
  const done = new Set<ServerId>();
  const way: ServerId[] = [];
  const walk = (id: ServerId): void => {
    const entered = way.indexOf(id);
    if (entered !== -1) cycles.push(way.slice(entered));
    if (entered !== -1 || done.has(id)) return;
    way.push(id);
    for (const needed of needs.get(id) ?? []) walk(needed);
    way.pop();
    done.add(id);
  };
  for (const id of needs.keys()) walk(id);
  return cycles;
}
