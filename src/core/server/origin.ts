import type { Translator } from '../common.js';

/** Who asked for a run: a person, an agent, the window as it opened, or nobody, since the run before it had ended. */
export type Origin =
  | { readonly kind: 'user' }
  /** The name is what the agent calls itself, so it is only shown. */
  | { readonly kind: 'agent'; readonly name: string }
  | { readonly kind: 'autoStart' }
  /** The server was started again by itself; `of` tells who had started it. */
  | { readonly kind: 'restart'; readonly of: FirstOrigin };

type FirstOrigin = Exclude<Origin, { kind: 'restart' }>;

/** Who counts as having started what nobody is known to have started, such as the servers of a window before this one. */
const user: FirstOrigin = { kind: 'user' };

/** The origin of a run that follows the end of one of `startedBy`. */
export function restartOrigin(startedBy: Origin | undefined): Origin {
  return { kind: 'restart', of: firstOrigin(startedBy) };
}

/** Who started the first of the runs that followed each other by themselves. */
export function firstOrigin(startedBy: Origin | undefined): FirstOrigin {
  if (!startedBy) return user;
  return startedBy.kind === 'restart' ? startedBy.of : startedBy;
}

/** Names the restarts that join each other: those of one who asks, since it is their origin that is kept. */
export function restartOperation(by: Origin | undefined): string {
  return by?.kind === 'agent' ? `restart by ${by.name}` : 'restart';
}

/** `you`, `Copilot`, `the window as it opened`. */
export function originText(startedBy: Origin | undefined, l10n: Translator): string {
  const first = firstOrigin(startedBy);
  const name = first.kind === 'agent' ? first.name : first.kind === 'user' ? l10n.t('you') : undefined;
  const words = name ?? l10n.t('the window as it opened');
  return startedBy?.kind === 'restart' ? l10n.t('{0}, restarted by itself', words) : words;
}
