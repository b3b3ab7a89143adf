import { dependenciesOf } from '../registry/dependencyGraph.js';
import type { ServerDefinition } from '../server/definition.js';
import type { ServerId } from '../server/identity.js';

/** What a person has answered about servers that want to start with the window. */
export type AutoStartConsent =
  /** Yes, for exactly these; whoever changes one of them asks anew. */
  { readonly kind: 'agreed'; readonly servers: string } | { readonly kind: 'never' };

/** What follows from an answer. */
export type AutoStartDecision = 'start' | 'ask' | 'leave';

/** The servers that want to start with the window. */
export function autoStartServers(definitions: readonly ServerDefinition[]): ServerDefinition[] {
  return definitions.filter(({ autoStart }) => autoStart === true);
}

/** Servers with those that they need, which start before them. */
export function withDependencies(
  servers: readonly ServerDefinition[],
  definitions: readonly ServerDefinition[],
): ServerDefinition[] {
  const all = new Map(definitions.map((definition) => [definition.id, definition]));
  const needed = new Set<ServerId>();
  const pending = servers.map(({ id }) => id);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const definition = all.get(id);
    if (!definition || needed.has(id)) continue;
    needed.add(id);
    pending.push(...dependenciesOf(definition));
  }
  return definitions.filter(({ id }) => needed.has(id));
}

/**
 * All that decides what would be executed, in a text: with the servers that they need, since these start too. Another
 * order of the same is no change.
 */
export function consentText(servers: readonly ServerDefinition[]): string {
  const lines = servers.map(({ id, command, script, cwd, env, envFiles, dependsOn }) =>
    JSON.stringify([id, command, script ?? null, cwd, sortedEntries(env), envFiles ?? [], dependsOn ?? []]),
  );
  return lines.toSorted().join('\n');
}

/** Whether servers may start, when `hash` is that of the text of what they would execute. */
export function autoStartDecision(answer: unknown, hash: string): AutoStartDecision {
  const consent = parseAnswer(answer);
  if (!consent) return 'ask';
  if (consent.kind === 'never') return 'leave';
  return consent.servers === hash ? 'start' : 'ask';
}

function parseAnswer(value: unknown): AutoStartConsent | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  if (value.kind === 'never') return { kind: 'never' };
  const isAgreed = value.kind === 'agreed' && 'servers' in value && typeof value.servers === 'string';
  return isAgreed ? { kind: 'agreed', servers: String(value.servers) } : undefined;
}

function sortedEntries(env: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(env).toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
}
