import type { Translator } from '../common.js';
import { exactCommand, executionLines } from '../consent/executionText.js';
import { consentText } from '../consent/startConsent.js';
import { serverTitle, type ServerDefinition } from '../server/definition.js';
import { joinList } from '../text.js';

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

/**
 * Returns a text of everything that determines what the servers would execute. Callers include the dependencies, since
 * these start too. The order of the servers does not affect it.
 */
export function autoStartText(servers: readonly ServerDefinition[]): string {
  const lines = servers.map((server) =>
    JSON.stringify([server.id, consentText(server), server.dependsOn ?? []]),
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

/** Maximum number of servers that the question lists by name. */
const maxNames = 5;

/** The question whether servers, with their dependencies, may start with the window. */
export interface AutoStartQuestion {
  readonly text: string;
  /** Lines with all that would be executed. */
  readonly detail: readonly string[];
}

export function autoStartQuestion(servers: readonly ServerDefinition[], l10n: Translator): AutoStartQuestion {
  const detail = servers.flatMap((server) => [serverTitle(server), ...executionLines(server, l10n), '']);
  return { text: questionText(servers, l10n), detail: detail.slice(0, -1) };
}

function questionText(servers: readonly ServerDefinition[], l10n: Translator): string {
  const [only, ...others] = servers;
  if (only && others.length === 0) {
    return l10n.t(
      'Start {0} automatically when this workspace opens? It runs: {1}',
      serverTitle(only),
      commandOf(only),
    );
  }
  if (servers.length > maxNames) {
    return l10n.t('Start {0} dev servers automatically when this workspace opens?', servers.length);
  }
  const names = joinList(
    servers.map((server) => l10n.t('{0} ({1})', serverTitle(server), commandOf(server))),
    l10n,
  );
  return l10n.t('Start these dev servers automatically when this workspace opens? {0}', names);
}

function commandOf({ command, portArgument }: ServerDefinition): string {
  return exactCommand(command, portArgument);
}
