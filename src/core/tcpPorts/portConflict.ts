import type { PortHolder, PortUse, WindowRun } from './portUse.js';
import { serverTitle, type ServerDefinition } from '../server/definition.js';
import { durationText } from '../views/stateText.js';
import type { Translator } from '../common.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { OtherWindowRun } from '../server/otherWindows.js';
import { isSameServer, identityOf, type ServerId, type ServerIdentity } from '../server/identity.js';
import { browserUrl } from '../server/stateQueries.js';

/** What happens before a start whose port is taken, the usual answer first. */
export const portConflictModes = ['ask', 'useFreePort', 'fail'] as const;

export type PortConflictMode = (typeof portConflictModes)[number];

/** The value of `devServers.portConflict`; a wrong one counts as not set. */
export function portConflictMode(value: unknown): PortConflictMode {
  return portConflictModes.find((mode) => mode === value) ?? portConflictModes[0];
}

/** Somebody holds the port that a server wants, or another window runs this very server. */
export type Conflict =
  | { readonly kind: 'portHeld'; readonly port: number; readonly use: Exclude<PortUse, { kind: 'free' }> }
  | { readonly kind: 'runsElsewhere'; readonly definition: ServerDefinition; readonly run: OtherWindowRun };

/** How what stands in the way is ended. */
export type Removal =
  | { readonly kind: 'stop'; readonly serverId: ServerId }
  | { readonly kind: 'takeOver'; readonly server: ServerIdentity }
  /** It is none of ours, so it is ended only after a person has seen who it is. */
  | { readonly kind: 'endForeign'; readonly port: number; readonly holder: PortHolder };

/** A conflict in words, and the ways out of it that there are besides another port. */
export interface ConflictView {
  readonly text: string;
  /** Address of what runs already. */
  readonly url: string | undefined;
  /** `undefined` where nothing may be ended. */
  readonly removal: Removal | undefined;
}

/** What must be known to put a conflict into words. */
export interface ConflictContext {
  readonly servers: readonly ServerRecord[];
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
  readonly l10n: Translator;
}

export function conflictView(conflict: Conflict, facts: ConflictContext): ConflictView {
  if (conflict.kind === 'runsElsewhere') {
    const { definition, run } = conflict;
    const { id, folder, cwd } = definition;
    const removal: Removal = { kind: 'takeOver', server: { id, folder, cwd } };
    return { text: elsewhereText(conflict, facts), url: run.url, removal };
  }
  const { port, use } = conflict;
  const text = portUseText(port, use, facts);
  // Of several it is not clear which of them is in the way.
  const only = use.kind === 'held' && use.holders.length === 1 ? use.holders[0] : undefined;
  if (!only) return { text, url: use.url, removal: undefined };
  return { text, url: knownUrl(only, facts) ?? use.url, removal: removalOf(only, port) };
}

/** `Port 3000 is held by node (process 123, for 5 min, not started here).` */
export function portUseText(
  port: number,
  use: Exclude<PortUse, { kind: 'free' }>,
  facts: ConflictContext,
): string {
  const { l10n } = facts;
  if (use.kind === 'unknown') return l10n.t('Port {0} is in use. Who holds it cannot be seen.', port);
  const holders = use.holders.map((holder) =>
    l10n.t('{0} ({1})', holder.name, holderDetails(holder, facts).join(', ')),
  );
  return l10n.t('Port {0} is held by {1}.', port, holders.join(', '));
}

function elsewhereText(
  { definition, run: { pid, url } }: Extract<Conflict, { kind: 'runsElsewhere' }>,
  { l10n }: ConflictContext,
): string {
  const title = serverTitle(definition);
  return url === undefined
    ? l10n.t('{0} already runs in another window (process {1}).', title, pid)
    : l10n.t('{0} already runs in another window at {1}.', title, url);
}

function holderDetails({ process, startedAt, owner }: PortHolder, facts: ConflictContext): string[] {
  const { now, l10n } = facts;
  const words = [l10n.t('process {0}', process.pid)];
  if (startedAt !== undefined) words.push(l10n.t('for {0}', durationText(now - startedAt, l10n)));
  if (owner.kind === 'editor') words.push(l10n.t('part of the editor'));
  if (owner.kind === 'foreign') words.push(l10n.t('not started here'));
  if (owner.kind === 'containers') words.push(l10n.t('for a container'));
  if (owner.kind === 'server') words.push(l10n.t('server {0}', titleOf(owner.serverId, facts)));
  if (owner.kind === 'otherWindow') words.push(otherWindowWords(owner.run, facts));
  return words;
}

function otherWindowWords(run: WindowRun | undefined, facts: ConflictContext): string {
  return run
    ? facts.l10n.t('server {0} of another window', titleElsewhere(run, facts))
    : facts.l10n.t('started by another window');
}

/** Another window may be on another folder of the same name, or on one whose servers are known by their ids only. */
function titleElsewhere(run: WindowRun, { servers }: ConflictContext): string {
  const place = identityOf(run);
  const known = servers.find(({ definition }) => isSameServer(definition, place));
  return known ? serverTitle(known.definition) : `${run.serverId} (${run.cwd})`;
}

function titleOf(id: ServerId, { servers }: ConflictContext): string {
  const definition = servers.find((record) => record.definition.id === id)?.definition;
  return definition ? serverTitle(definition) : id;
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
    // Without the engine's listener the container would run on, and its port would be gone.
    case 'containers':
    case 'editor':
      return undefined;
  }
}
