import type { PortHolder, PortUse, WindowRun } from './portUse.js';
import { serverTitle, shortName, type ServerDefinition } from '../server/definition.js';
import { durationText } from '../durationText.js';
import type { Translator } from '../common.js';
import type { StartOptions } from '../registry/admission.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { OtherWindowRun } from '../server/otherWindows.js';
import { isSameServer, identityOf, type ServerId, type ServerIdentity } from '../server/identity.js';
import { browserUrl } from '../server/stateQueries.js';
import { joinList } from '../text.js';

/** How a conflict over a port is handled before a start; the default first. */
export const portConflictModes = ['ask', 'useFreePort', 'fail'] as const;

export type PortConflictMode = (typeof portConflictModes)[number];

/** Returns the value of `devServers.portConflict`; an invalid one counts as not set. */
export function portConflictMode(value: unknown): PortConflictMode {
  return portConflictModes.find((mode) => mode === value) ?? portConflictModes[0];
}

/** Another process uses the port that a server wants, or another window runs this very server. */
export type Conflict =
  | { readonly kind: 'portHeld'; readonly port: number; readonly use: Exclude<PortUse, { kind: 'free' }> }
  | { readonly kind: 'runsElsewhere'; readonly definition: ServerDefinition; readonly run: OtherWindowRun };

/** A start that met a conflict. */
export interface ConflictedStart {
  readonly definition: ServerDefinition;
  readonly options: StartOptions;
  readonly conflict: Conflict;
}

/** How to continue a start that met a conflict. */
export type Resolution =
  /** It is tried with these options. */
  | { readonly kind: 'start'; readonly options: StartOptions }
  /** It is given up, which is not a failure: the user declined. */
  | { readonly kind: 'giveUp' }
  /** It fails with the error that it met; a server that runs in another window starts here too. */
  | { readonly kind: 'proceed' };

/** Decides how a start goes on. Rejects to fail the start with an error of its own. */
export type ResolveConflict = (start: ConflictedStart) => Promise<Resolution>;

/** How to stop the process that uses the port. */
export type Removal =
  | { readonly kind: 'stop'; readonly serverId: ServerId }
  | { readonly kind: 'takeOver'; readonly server: ServerIdentity }
  /** A process that the extension did not start; the user confirms before it is killed. */
  | { readonly kind: 'endForeign'; readonly port: number; readonly holder: PortHolder };

/** Text of a conflict, and the ways to resolve it besides another port. */
export interface ConflictView {
  readonly text: string;
  /** URL of the server that runs already. */
  readonly url: string | undefined;
  /** `undefined` when nothing may be stopped. */
  readonly removal: Removal | undefined;
}

/** Data that the text of a conflict needs. */
export interface ConflictContext {
  readonly servers: readonly ServerRecord[];
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
  readonly l10n: Translator;
}

export function conflictView(conflict: Conflict, context: ConflictContext): ConflictView {
  if (conflict.kind === 'runsElsewhere') {
    const { definition, run } = conflict;
    const { id, folder, cwd } = definition;
    const removal: Removal = { kind: 'takeOver', server: { id, folder, cwd } };
    return { text: elsewhereText(conflict, context), url: run.url, removal };
  }
  const { port, use } = conflict;
  const text = portUseText(port, use, context);
  // With several processes it is unclear which one is in the way.
  const only = use.kind === 'held' && use.holders.length === 1 ? use.holders[0] : undefined;
  if (!only) return { text, url: use.url, removal: undefined };
  return { text, url: knownUrl(only, context) ?? use.url, removal: removalOf(only, port) };
}

/** `Port 3000 is already in use by node (PID 123, for 5 min, started outside this window).` */
export function portUseText(
  port: number,
  use: Exclude<PortUse, { kind: 'free' }>,
  context: ConflictContext,
): string {
  const { l10n } = context;
  if (use.kind === 'unknown') {
    return use.isReserved
      ? l10n.t('Port {0} is reserved by the system, or a program uses it exclusively.', port)
      : l10n.t('Port {0} is in use by a process that cannot be identified.', port);
  }
  const holders = use.holders.map((holder) =>
    l10n.t('{0} ({1})', holder.name, joinList(holderDetails(holder, context), l10n)),
  );
  return l10n.t('Port {0} is already in use by {1}.', port, joinList(holders, l10n));
}

function elsewhereText(
  { definition, run: { pid, url } }: Extract<Conflict, { kind: 'runsElsewhere' }>,
  { l10n }: ConflictContext,
): string {
  const title = serverTitle(definition);
  return url === undefined
    ? l10n.t('{0} is already running in another window (PID {1}).', title, pid)
    : l10n.t('{0} is already running in another window at {1}.', title, url);
}

function holderDetails({ process, startedAt, owner }: PortHolder, context: ConflictContext): string[] {
  const { now, l10n } = context;
  const details = [l10n.t('PID {0}', process.pid)];
  if (startedAt !== undefined) details.push(l10n.t('for {0}', durationText(now - startedAt, l10n)));
  if (owner.kind === 'editor') details.push(l10n.t('part of the editor'));
  if (owner.kind === 'foreign') details.push(l10n.t('started outside this window'));
  if (owner.kind === 'containers') details.push(l10n.t('for a container'));
  if (owner.kind === 'server') details.push(l10n.t('server {0}', titleOfServer(owner.serverId, context)));
  if (owner.kind === 'otherWindow') details.push(otherWindowText(owner.run, context));
  return details;
}

function otherWindowText(run: WindowRun | undefined, context: ConflictContext): string {
  return run
    ? context.l10n.t('server {0} of another window', titleInOtherWindow(run, context))
    : context.l10n.t('started by another window');
}

/** The id alone is ambiguous: another window may use the folder's name for another folder. */
function titleInOtherWindow(run: WindowRun, { servers }: ConflictContext): string {
  const identity = identityOf(run);
  const known = servers.find(({ definition }) => isSameServer(definition, identity));
  return known ? serverTitle(known.definition) : `${shortName(run.serverId)} (${run.cwd})`;
}

function titleOfServer(id: ServerId, { servers }: ConflictContext): string {
  const definition = servers.find((record) => record.definition.id === id)?.definition;
  return definition ? serverTitle(definition) : shortName(id);
}

function knownUrl({ owner }: PortHolder, { servers }: ConflictContext): string | undefined {
  if (owner.kind === 'otherWindow') return owner.run?.url;
  if (owner.kind !== 'server') return undefined;
  const record = servers.find(({ definition }) => definition.id === owner.serverId);
  return record && browserUrl(record.state);
}

function removalOf(holder: PortHolder, port: number): Removal | undefined {
  const { owner } = holder;
  switch (owner.kind) {
    case 'server':
      return { kind: 'stop', serverId: owner.serverId };
    case 'otherWindow':
      return owner.run && { kind: 'takeOver', server: identityOf(owner.run) };
    case 'foreign':
      return { kind: 'endForeign', port, holder };
    // Without the engine's listener the container would keep running without its port.
    case 'containers':
    case 'editor':
      return undefined;
  }
}
