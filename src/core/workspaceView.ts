import type { Translator } from './ports.js';
import type { ServerRecord, Snapshot } from './registry.js';
import { serverTitle } from './server.js';
import { isIdle, urlOf, type ServerState } from './serverState.js';
import { stateWords } from './serverView.js';

/** Servers of one package folder, or those of the settings, as the tree shows them. */
export interface ServerGroup {
  /** Unique in the window. */
  readonly id: string;
  readonly folder: string;
  /** Package folder; empty for the workspace folder itself. */
  readonly path: string;
  readonly servers: readonly ServerRecord[];
}

/** The text of the status bar. */
export interface StatusView {
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  /** How much it should stand out. */
  readonly severity: 'none' | 'error';
}

/** What does not stay as it is. */
const changingKinds: ReadonlySet<ServerState['kind']> = new Set(['reserved', 'starting', 'stopping']);

/** Groups in the order in which their first server was defined. */
export function groupServers(servers: readonly ServerRecord[]): readonly ServerGroup[] {
  const groups = new Map<string, { folder: string; path: string; servers: ServerRecord[] }>();
  for (const record of servers) {
    const { folder, group: path } = record.definition;
    const id = `${folder}/${path}`;
    const group = groups.get(id) ?? { folder, path, servers: [] };
    group.servers.push(record);
    groups.set(id, group);
  }
  return [...groups].map(([id, group]) => Object.freeze({ id, ...group }));
}

/** How many of the group's servers run, e.g. `2 of 5 running`; empty when none does. */
export function groupWords({ servers }: ServerGroup, l10n: Translator): string {
  const active = servers.filter(({ state }) => !isIdle(state)).length;
  return active === 0 ? '' : l10n.t('{0} of {1} running', active, servers.length);
}

/** The worst state first, then how many run. */
export function statusView({ servers }: Snapshot, l10n: Translator): StatusView {
  const troubled = servers.filter(({ state }) => state.kind === 'crashed' || state.kind === 'stopFailed');
  const active = servers.filter(({ state }) => !isIdle(state));
  const changing = active.some(({ state }) => changingKinds.has(state.kind));
  const icon = troubled.length > 0 ? '$(error)' : changing ? '$(loading~spin)' : '$(server-process)';
  const words = statusWords(troubled, active.length, l10n);
  return {
    text: `${icon} ${words}`,
    tooltip: tooltipLines(servers, l10n).join('\n'),
    spoken: l10n.t('Dev servers: {0}', words),
    severity: troubled.length > 0 ? 'error' : 'none',
  };
}

function statusWords(troubled: readonly ServerRecord[], active: number, l10n: Translator): string {
  const running = l10n.t('{0} running', active);
  const [first] = troubled;
  if (!first) return active === 0 ? l10n.t('Dev Servers') : running;
  const trouble =
    troubled.length === 1
      ? l10n.t('{0} {1}', serverTitle(first.definition), troubleWord(first.state, l10n))
      : l10n.t('{0} crashed', troubled.length);
  return active === 0 ? trouble : l10n.t('{0}, {1}', trouble, running);
}

function troubleWord(state: ServerState, l10n: Translator): string {
  return state.kind === 'stopFailed' ? l10n.t('not stopped') : l10n.t('crashed');
}

function tooltipLines(servers: readonly ServerRecord[], l10n: Translator): string[] {
  const told = servers.filter(({ state }) => stateWords(state, l10n) !== '');
  if (told.length === 0) return [l10n.t('Start and stop dev servers')];
  return told.map(({ definition, state }) =>
    l10n.t('{0}, {1}', serverTitle(definition), urlOf(state) ?? stateWords(state, l10n)),
  );
}
