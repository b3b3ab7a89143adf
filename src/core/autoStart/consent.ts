import { dependenciesOf } from '../registry/dependencyGraph.js';
import type { ServerDefinition } from '../server/definition.js';
import type { ServerId } from '../server/identity.js';

/** The user's answer about servers that start with the window. */
export type AutoStartConsent =
  /** Consent to exactly these servers; a change of any of them requires a new one. */
  { readonly kind: 'agreed'; readonly servers: string } | { readonly kind: 'never' };

/** Action that an answer leads to. */
export type AutoStartDecision = 'start' | 'ask' | 'leave';

/** Returns the servers that are configured to start with the window. */
export function autoStartServers(definitions: readonly ServerDefinition[]): ServerDefinition[] {
  return definitions.filter(({ autoStart }) => autoStart === true);
}

/** Returns servers with their direct and indirect dependencies, in the order of the definitions. */
export function withDependencies(
  servers: readonly ServerDefinition[],
  definitions: readonly ServerDefinition[],
): ServerDefinition[] {
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  const needed = new Set<ServerId>();
  const pending = servers.map(({ id }) => id);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const definition = byId.get(id);
    if (!definition || needed.has(id)) continue;
    needed.add(id);
    for (const dependency of dependenciesOf(definition)) pending.push(dependency);
  }
  return definitions.filter(({ id }) => needed.has(id));
}

/**
 * Returns a text of everything that determines what the servers would execute. Callers include the dependencies, since
 * these start too. The order of the servers does not affect it.
 */
export function consentText(servers: readonly ServerDefinition[]): string {
  const lines = servers.map(({ id, command, script, cwd, env, envFiles, dependsOn }) =>
    JSON.stringify([id, command, script ?? null, cwd, sortedEntries(env), envFiles ?? [], dependsOn ?? []]),
  );
  return lines.toSorted().join('\n');
}

/** Returns whether servers may start. `hash` is that of their consent text. */
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
