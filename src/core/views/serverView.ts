import { dependenciesOf } from '../registry/dependencyGraph.js';
import { firstOrigin, originText } from '../server/origin.js';
import { attemptText, conflictText, endpointNote, listenerText } from './readinessText.js';
import { commandText, type ServerDefinition } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import { durationText, stateText } from './stateText.js';
import type { Translator } from '../common.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { shortId } from '../server/identity.js';
import {
  addressOf,
  endpointOf,
  hasTerminal,
  isIdle,
  isStoppable,
  isUp,
  otherUrlsOf,
  plannedRestart,
  portConflictOf,
  startedBy,
  browserUrl,
} from '../server/stateQueries.js';

/** Presentation of one server, which all views share. */
export interface ServerView {
  readonly label: string;
  /** URL, or the state as text. */
  readonly description: string;
  /** Id of a product icon. */
  readonly icon: string;
  /** Id of a theme colour; the default colour when undefined. */
  readonly colour: string | undefined;
  /** Keywords for `when` clauses of menus, e.g. `server running url stoppable`. */
  readonly context: string;
  /** Text for screen readers instead of label and description. */
  readonly spoken: string;
  readonly tooltip: readonly TooltipRow[];
  /** Last lines of output before a crash; empty otherwise. */
  readonly tail: readonly string[];
}

interface TooltipRow {
  readonly title: string;
  readonly value: string;
}

export interface ViewMoment {
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
  /** Monotonic milliseconds. */
  readonly tick: number;
}

/** Returns the presentation of a server at a moment. */
export function serverView(
  { definition, state }: ServerRecord,
  moment: ViewMoment,
  l10n: Translator,
): ServerView {
  const text = stateAndRestartText(state, l10n);
  const address = addressOf(state);
  return {
    label: definition.name,
    description: descriptionText(state, text, l10n),
    ...appearance(state),
    context: contextKeywords(state).join(' '),
    spoken:
      state.kind === 'ready' && address !== undefined
        ? l10n.t('{0}, ready at {1}', definition.name, address)
        : l10n.t('{0}, {1}', definition.name, text || l10n.t('stopped')),
    tooltip: [
      { title: l10n.t('State'), value: text || l10n.t('stopped') },
      ...(address === undefined ? [] : [{ title: l10n.t('URL'), value: address }]),
      ...otherUrlsOf(state).map((url) => ({ title: l10n.t('Also'), value: url })),
      ...endpointRows(state, l10n),
      ...dependencyRows(definition, l10n),
      { title: l10n.t('Command'), value: commandText(definition.command) },
      { title: l10n.t('Folder'), value: definition.cwd },
      ...runRows(state, moment, l10n),
    ],
    tail: crashTail(state),
  };
}

/** Returns the state with the planned restart: `crashed (exit 1), restarting in 4 s`. */
function stateAndRestartText(state: ServerState, l10n: Translator): string {
  const text = stateText(state, l10n);
  const restart = plannedRestart(state);
  return restart ? l10n.t('{0}, restarting in {1}', text, durationText(restart.delayMs, l10n)) : text;
}

function appearance(state: ServerState): Pick<ServerView, 'icon' | 'colour'> {
  switch (state.kind) {
    case 'stopped':
      return { icon: 'circle-large-outline', colour: undefined };
    case 'queued':
      return { icon: 'watch', colour: 'charts.yellow' };
    case 'reserved':
    case 'starting':
    case 'stopping':
      return { icon: 'loading~spin', colour: 'charts.yellow' };
    case 'ready':
      // Not the icon of a problem: the server works, but the host name in its URL may resolve to the other program, or a
      // part of it does not.
      return {
        icon: 'pass-filled',
        colour: state.endpoint?.contested || state.endpoint?.conflict ? 'charts.yellow' : 'charts.green',
      };
    case 'external':
      return { icon: 'debug-disconnect', colour: 'charts.green' };
    case 'unhealthy':
    case 'stopFailed':
      return { icon: 'warning', colour: 'list.warningForeground' };
    case 'crashed':
      return { icon: 'error', colour: 'list.errorForeground' };
  }
}

function contextKeywords(state: ServerState): string[] {
  const keywords = ['server', state.kind];
  if (isIdle(state)) keywords.push('startable');
  if (isStoppable(state)) keywords.push('stoppable');
  if (isUp(state)) keywords.push('running');
  if (browserUrl(state) !== undefined) keywords.push('url');
  if (hasTerminal(state)) keywords.push('terminal');
  return keywords;
}

function dependencyRows(definition: ServerDefinition, l10n: Translator): TooltipRow[] {
  const ids = dependenciesOf(definition);
  return ids.length === 0 ? [] : [{ title: l10n.t('Depends on'), value: ids.map(shortId).join(', ') }];
}

function runRows(state: ServerState, moment: ViewMoment, l10n: Translator): TooltipRow[] {
  if (!('run' in state)) return [];
  const { process, startedAt, startedTick } = state.run;
  return [
    { title: l10n.t('Process'), value: String(process.pid) },
    { title: l10n.t('Started'), value: new Date(startedAt).toLocaleString() },
    { title: l10n.t('Uptime'), value: durationText(moment.tick - startedTick, l10n) },
    // The origin of a run that another window started is unknown.
    ...(state.kind === 'external'
      ? []
      : [{ title: l10n.t('Started by'), value: originText(startedBy(state), l10n) }]),
  ];
}

/** Returns the listener, if it is not the started process itself, a warning about a shared port, and failed probes. */
function endpointRows(state: ServerState, l10n: Translator): TooltipRow[] {
  const rows: TooltipRow[] = [];
  const endpoint = endpointOf(state);
  if (endpoint && 'run' in state && endpoint.pid !== state.run.process.pid) {
    rows.push({ title: l10n.t('Listener'), value: listenerText(endpoint, l10n) });
  }
  rows.push(...portWarnings(state, l10n).map((value) => ({ title: l10n.t('Warning'), value })));
  if (state.kind !== 'unhealthy' || !('attempts' in state.problem)) return rows;
  for (const attempt of state.problem.attempts) {
    rows.push({ title: l10n.t('Checked'), value: attemptText(attempt, l10n) });
  }
  return rows;
}

/** Returns warnings about other programs that use a port of a server that works. */
function portWarnings(state: ServerState, l10n: Translator): string[] {
  const { contested = false, isShared } = endpointOf(state) ?? {};
  const conflict = state.kind === 'ready' ? portConflictOf(state) : undefined;
  const contestText = isShared
    ? l10n.t('Another program shares this port. Requests reach one or the other.')
    : l10n.t('Another program listens on the same port at another address.');
  return [...(contested ? [contestText] : []), ...(conflict ? [conflictText(conflict, l10n)] : [])];
}

function crashTail(state: ServerState): readonly string[] {
  return state.kind === 'crashed' && state.crash.kind === 'exit' ? state.crash.tail : [];
}

function descriptionText(state: ServerState, text: string, l10n: Translator): string {
  const address = addressOf(state);
  const starter = starterText(state, l10n);
  if (address === undefined) return starter === '' ? text : l10n.t('{0} ({1})', text, starter);
  const note = state.kind === 'ready' ? endpointNote(state.endpoint, l10n) : text;
  const notes = [note, starter].filter((part) => part !== '').join(', ');
  return notes === '' ? displayUrl(address) : l10n.t('{0} ({1})', displayUrl(address), notes);
}

/** Returns a note about a server that an agent started, unless the server is idle. */
function starterText(state: ServerState, l10n: Translator): string {
  const first = firstOrigin(startedBy(state));
  return first.kind === 'agent' && !isIdle(state) ? l10n.t('started by {0}', first.name) : '';
}

/** Removes the trailing slash of a bare address. */
function displayUrl(url: string): string {
  return url.replace(/^(https?:\/\/[^/]+)\/$/, '$1');
}
