import { firstOrigin, type Origin } from '../server/origin.js';
import { serverTitle, type ServerDefinition } from '../server/definition.js';
import { ServerError } from '../server/errors.js';
import { untranslated } from '../text.js';

/**
 * The definitions that the user has started or agreed to. Files of the workspace determine what a definition executes,
 * and other programs can write them. So no other caller may start a definition that is new or has changed since.
 */
export interface StartConsent {
  has(definition: ServerDefinition): boolean;
  give(definition: ServerDefinition): void;
}

/** Returns a text of everything that determines what the start of a server executes, apart from its dependencies. */
export function consentText(definition: ServerDefinition): string {
  const { command, script, cwd, env, envFiles, portArgument } = definition;
  return JSON.stringify([
    command,
    script ?? null,
    cwd,
    sortedEntries(env),
    envFiles ?? [],
    portArgument ?? null,
  ]);
}

/**
 * For a server of a git worktree, returns the text of the same server in the checkout of the workspace folder: consent
 * to that one covers both. Returns `undefined` for a server that is in no worktree.
 */
export function originalConsentText(definition: ServerDefinition): string | undefined {
  const { worktree, cwd, envFiles } = definition;
  if (!worktree) return undefined;
  const { root, folder, original } = worktree;
  // Where the workspace folder was opened by a link, its path may not show where the rest of its checkout is.
  const place = folder.slice(root.length);
  const moved = (path: string): string =>
    movedPath(path, folder, original) ??
    (original.endsWith(place)
      ? movedPath(path, root, original.slice(0, -place.length || undefined))
      : undefined) ??
    path;
  return consentText({
    ...definition,
    cwd: moved(cwd),
    ...(envFiles && { envFiles: envFiles.map(moved) }),
  });
}

/** Returns the same place in another folder; `undefined` for a path outside of the folder. */
function movedPath(path: string, from: string, to: string): string | undefined {
  const inside = path.slice(from.length);
  return path.startsWith(from) && /^$|^[\\/]/.test(inside) ? to + inside : undefined;
}

/**
 * Records a start of the user as consent. Throws `notAllowed` if another caller starts a definition without it.
 */
export function admitStart(
  definition: ServerDefinition,
  startedBy: Origin | undefined,
  consent: StartConsent | undefined,
): void {
  if (startedBy === undefined || startedBy.kind === 'user') consent?.give(definition);
  else throwUnlessAgreed(definition, startedBy, consent);
}

/** Throws `notAllowed` if the definition has changed since its start was admitted. */
export function throwUnlessAgreed(
  definition: ServerDefinition,
  startedBy: Origin | undefined,
  consent: StartConsent | undefined,
): void {
  const first = firstOrigin(startedBy);
  if (!consent || (first.kind === 'agent' && first.isTrusted) || consent.has(definition)) return;
  throw new ServerError(
    'notAllowed',
    untranslated(
      '{0} was not started: its command is new or has changed since you last started it.',
      serverTitle(definition),
    ),
  );
}

function sortedEntries(env: Readonly<Record<string, string>>): (readonly [string, string])[] {
  return Object.entries(env).toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
}
