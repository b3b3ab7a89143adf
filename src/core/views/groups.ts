import { serverTitle } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import { stateText } from './stateText.js';
import type { Translator } from '../common.js';
import type { ServerRecord, Snapshot } from '../registry/snapshot.js';
import { addressOf, isActive, isNotStarted } from '../server/stateQueries.js';
import type { ReadinessProblem } from '../readiness/endpoint.js';

/** Servers that a person has put into a group, or else those of one package folder, as the tree shows them. */
export interface ServerGroup {
  /** Unique in the window. */
  readonly id: string;
  readonly folder: string;
  /** The name that a person gave, for a group of that kind. */
  readonly name: string | undefined;
  /** Package folder; empty for the workspace folder itself, and for a group with a name. */
  readonly path: string;
  readonly servers: readonly ServerRecord[];
}

/** The text of the status bar. */
export interface StatusView {
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  /** How much it should stand out. */
  readonly severity: 'none' | 'warning' | 'error';
}

/** What does not stay as it is. */
const changingKinds: ReadonlySet<ServerState['kind']> = new Set([
  'queued',
  'reserved',
  'starting',
  'stopping',
]);

/** Groups in the order in which their first server was defined. */
export function groupServers(servers: readonly ServerRecord[]): readonly ServerGroup[] {
  const groups = new Map<string, Omit<ServerGroup, 'id'> & { servers: ServerRecord[] }>();
  for (const record of servers) {
    const { folder, subfolder, group: name } = record.definition;
    const path = name === undefined ? subfolder : '';
    const id = name === undefined ? `${folder}/${path}` : `${folder}:${name}`;
    const group = groups.get(id) ?? { folder, name, path, servers: [] };
    group.servers.push(record);
    groups.set(id, group);
  }
  return [...groups].map(([id, group]) => Object.freeze({ id, ...group }));
}

/** What the row of a group says first. */
export function groupLabel({ name, path, folder }: ServerGroup): string {
  return name ?? (path || folder);
}

/** The worst state first, then how many run. */
export function statusView({ servers }: Pick<Snapshot, 'servers'>, l10n: Translator): StatusView {
  const active = servers.filter(({ state }) => isActive(state));
  const broken = servers.filter(({ state }) => isBroken(state));
  const unhealthy = servers.filter(({ state }) => state.kind === 'unhealthy');
  const running = l10n.t('{0} running', active.length);
  const problems = problemSummary(broken, unhealthy, l10n);
  const activityText = active.length === 0 ? l10n.t('Dev Servers') : running;
  const words =
    problems === '' ? activityText : active.length === 0 ? problems : l10n.t('{0}, {1}', problems, running);
  const severity = broken.length > 0 ? 'error' : unhealthy.length > 0 ? 'warning' : 'none';
  return {
    text: `${statusIcon(severity, servers)} ${words}`,
    tooltip: tooltipLines(servers, l10n).join('\n'),
    spoken: l10n.t('Dev servers: {0}', words),
    severity,
  };
}

/** Whether the server is down for a reason of its own, or cannot be got down. */
export function isBroken(state: ServerState): boolean {
  if (state.kind !== 'crashed') return state.kind === 'stopFailed';
  return state.crash.kind === 'exit' || !isNotStarted(state.crash);
}

/** Whether the state goes over into another one by itself. */
export function isChanging({ kind }: ServerState): boolean {
  return changingKinds.has(kind);
}

function statusIcon(severity: StatusView['severity'], servers: readonly ServerRecord[]): string {
  if (severity !== 'none') return `$(${severity})`;
  return servers.some(({ state }) => isChanging(state)) ? '$(loading~spin)' : '$(server-process)';
}

/** The worst alone: what does not answer is no matter while something has crashed. */
function problemSummary(
  broken: readonly ServerRecord[],
  unhealthy: readonly ServerRecord[],
  l10n: Translator,
): string {
  const [first, ...others] = broken.length > 0 ? broken : unhealthy;
  if (!first) return '';
  if (others.length === 0)
    return l10n.t('{0} {1}', serverTitle(first.definition), problemText(first.state, l10n));
  return broken.length > 0
    ? l10n.t('{0} crashed', broken.length)
    : l10n.t('{0} with problems', unhealthy.length);
}

function problemText(state: ServerState, l10n: Translator): string {
  if (state.kind === 'unhealthy') return readinessProblemLabel(state.problem, l10n);
  return state.kind === 'stopFailed' ? l10n.t('not stopped') : l10n.t('crashed');
}

function readinessProblemLabel({ kind }: ReadinessProblem, l10n: Translator): string {
  switch (kind) {
    case 'timeout':
      return l10n.t('not ready');
    case 'silent':
      return l10n.t('not answering');
    case 'conflict':
      return l10n.t('has no port');
  }
}

function tooltipLines(servers: readonly ServerRecord[], l10n: Translator): string[] {
  const described = servers.filter(({ state }) => stateText(state, l10n) !== '');
  if (described.length === 0) return [l10n.t('Start and stop dev servers')];
  return described.map(({ definition, state }) =>
    l10n.t('{0}, {1}', serverTitle(definition), addressUnlessUnhealthy(state) ?? stateText(state, l10n)),
  );
}

function addressUnlessUnhealthy(state: ServerState): string | undefined {
  return state.kind === 'unhealthy' ? undefined : addressOf(state);
}
