import type { Translator } from '../common.js';

/**
 * Initiator of a run: the user, an agent, the window on startup, or the restart policy after the previous run ended.
 */
export type Origin =
  | { readonly kind: 'user' }
  | AgentOrigin
  | { readonly kind: 'autoStart' }
  /** The server was restarted automatically; `of` is the origin of the first run. */
  | { readonly kind: 'restart'; readonly of: FirstOrigin };

/** An agent, which calls by the chat, by MCP or by the API. */
export interface AgentOrigin {
  readonly kind: 'agent';
  /** The agent reports its name itself, so the name is for display only. */
  readonly name: string;
  /** Unique for a caller, such as one connection; callers may share a name. */
  readonly caller: string;
  /** Id of the process that calls, as it reports it; missing for a caller in the editor. */
  readonly pid?: number;
  /** Set for other extensions, which could start any process themselves. */
  readonly isTrusted?: true;
}

type FirstOrigin = Exclude<Origin, { kind: 'restart' }>;

/** Default for runs of unknown origin, such as the servers of a previous window. */
const user: FirstOrigin = { kind: 'user' };

/** Returns the origin of an automatic restart after a run of `startedBy`. */
export function restartOrigin(startedBy: Origin | undefined): Origin {
  return { kind: 'restart', of: firstOrigin(startedBy) };
}

/** Returns the origin of the first in a sequence of automatic restarts. */
export function firstOrigin(startedBy: Origin | undefined): FirstOrigin {
  if (!startedBy) return user;
  return startedBy.kind === 'restart' ? startedBy.of : startedBy;
}

/** Returns the name under which restarts join: only those of the same caller do, since their origin is kept. */
export function restartOperation(by: Origin | undefined): string {
  return by?.kind === 'agent' ? `restart by ${by.caller}` : 'restart';
}

/** Returns text such as `you`, `Copilot` or `auto-start`. */
export function originText(startedBy: Origin | undefined, l10n: Translator): string {
  const text = initiatorText(firstOrigin(startedBy), l10n);
  return startedBy?.kind === 'restart' ? l10n.t('{0}, restarted automatically', text) : text;
}

function initiatorText(first: FirstOrigin, l10n: Translator): string {
  switch (first.kind) {
    case 'agent':
      return first.name;
    case 'user':
      return l10n.t('you');
    case 'autoStart':
      return l10n.t('auto-start');
  }
}
