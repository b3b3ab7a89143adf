import { isUsable } from '../registry/dependencyGraph.js';
import { fullTitle, serverTitle } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import { readinessProblemLabel } from './readinessText.js';
import { stateText, type TitleOf } from './stateText.js';
import type { Translator } from '../common.js';
import { shortId } from '../server/identity.js';
import type { ServerRecord, Snapshot } from '../registry/snapshot.js';
import { addressOf, isNotStarted } from '../server/stateQueries.js';
import { joinList } from '../text.js';

/** Servers of a group that the user configured, or of one package folder, as the tree shows them. */
export interface ServerGroup {
  /** Unique in the window. */
  readonly id: string;
  readonly folder: string;
  /** Name of a configured group. */
  readonly name: string | undefined;
  /** Package folder; empty for the workspace folder itself, and for a configured group. */
  readonly path: string;
  readonly servers: readonly ServerRecord[];
}

/** Presentation of the status bar item. */
export interface StatusView {
  /** Id of a product icon. */
  readonly icon: string;
  readonly text: string;
  /** Lines of the tooltip. */
  readonly tooltip: readonly string[];
  readonly spoken: string;
  /** Selects the background color. */
  readonly severity: 'none' | 'warning' | 'error';
}

/** States that change without a further event from the user. */
const changingKinds: ReadonlySet<ServerState['kind']> = new Set([
  'queued',
  'reserved',
  'starting',
  'stopping',
]);

/** Groups the servers. The groups are in the order of their first servers. */
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

/** Returns the label of a group's row. */
export function groupLabel({ name, path, folder }: ServerGroup): string {
  return name ?? (path || folder);
}

/** Returns the presentation of the status bar item: the worst state first, then the number of running servers. */
export function statusView({ servers }: Pick<Snapshot, 'servers'>, l10n: Translator): StatusView {
  const broken = servers.filter(({ state }) => isBroken(state));
  const unhealthy = servers.filter(({ state }) => state.kind === 'unhealthy');
  const texts = countTexts(
    servers.map(({ state }) => state),
    l10n,
  );
  // The only server in the worst state has its name in place of the number.
  const [worst, ...others] = broken.length > 0 ? broken : unhealthy;
  if (worst && others.length === 0)
    texts[0] = l10n.t('{0} {1}', serverTitle(worst.definition), problemText(worst.state, l10n));
  const text = joinList(texts, l10n) || l10n.t('Dev Servers');
  const severity = severityOf(broken, unhealthy);
  return {
    icon: statusIcon(severity, servers),
    text,
    tooltip: tooltipLines(servers, l10n),
    spoken: l10n.t('Dev servers: {0}', text),
    severity,
  };
}

function severityOf(
  broken: readonly ServerRecord[],
  unhealthy: readonly ServerRecord[],
): StatusView['severity'] {
  if (broken.length > 0) return 'error';
  return unhealthy.length > 0 ? 'warning' : 'none';
}

/** Returns whether the server crashed, could not be stopped, or failed to start for a reason of its own. */
export function isBroken(state: ServerState): boolean {
  if (state.kind !== 'crashed') return state.kind === 'stopFailed';
  return state.crash.kind === 'exit' || !isNotStarted(state.crash);
}

/** Returns whether the state is a transition to another one. */
export function isChanging({ kind }: ServerState): boolean {
  return changingKinds.has(kind);
}

/** Returns whether a start is requested or under way. */
export function isStartPending({ kind }: ServerState): boolean {
  return kind === 'queued' || kind === 'reserved' || kind === 'starting';
}

/** Returns how many servers are in which state, problems first: `1 crashed`, `1 starting`, `2 running`. */
export function countTexts(states: readonly ServerState[], l10n: Translator): string[] {
  const count = (matches: (state: ServerState) => boolean): number => states.filter(matches).length;
  const counts: readonly (readonly [number, (count: number) => string])[] = [
    [count(isBroken), (number) => l10n.t('{0} crashed', number)],
    [count(({ kind }) => kind === 'unhealthy'), (number) => l10n.t('{0} not ready', number)],
    [count(isStartPending), (number) => l10n.t('{0} starting', number)],
    [count(({ kind }) => kind === 'stopping'), (number) => l10n.t('{0} stopping', number)],
    [count(isUsable), (number) => l10n.t('{0} running', number)],
  ];
  return counts.flatMap(([number, text]) => (number === 0 ? [] : text(number)));
}

function statusIcon(severity: StatusView['severity'], servers: readonly ServerRecord[]): string {
  if (severity !== 'none') return severity;
  return servers.some(({ state }) => isChanging(state)) ? 'loading~spin' : 'server-process';
}

function problemText(state: ServerState, l10n: Translator): string {
  if (state.kind === 'unhealthy') return readinessProblemLabel(state.problem, l10n);
  return state.kind === 'stopFailed' ? l10n.t('not stopped') : l10n.t('crashed');
}

function tooltipLines(servers: readonly ServerRecord[], l10n: Translator): string[] {
  const titleOf = titlesOf(servers);
  const described = servers.filter(({ state }) => stateText(state, l10n) !== '');
  if (described.length === 0) return [l10n.t('Start and stop dev servers')];
  return described.map(({ definition, state }) =>
    l10n.t(
      '{0}, {1}',
      fullTitle(definition),
      addressUnlessUnhealthy(state) ?? stateText(state, l10n, titleOf),
    ),
  );
}

function addressUnlessUnhealthy(state: ServerState): string | undefined {
  return state.kind === 'unhealthy' ? undefined : addressOf(state);
}

/** Returns a function that returns the title of a server by its id. */
export function titlesOf(servers: readonly ServerRecord[]): TitleOf {
  const titles = new Map(servers.map(({ definition }) => [definition.id, fullTitle(definition)]));
  return (id) => titles.get(id) ?? shortId(id);
}
