import { dependenciesOf } from '../registry/dependencyGraph.js';
import { originText } from '../server/origin.js';
import { attemptText, conflictText, listenerText } from './readinessText.js';
import { colors } from './colors.js';
import {
  countdownMs,
  portLabelOf,
  rowDescription,
  type RowContext,
  type RowMoment,
} from './rowDescription.js';
import { commandText, type ServerDefinition } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import { givenUpText, stateText, type TitleOf } from './stateText.js';
import { durationText } from '../durationText.js';
import type { Translator } from '../common.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { shortId } from '../server/identity.js';
import {
  addressOf,
  endpointOf,
  hasTerminal,
  isDismissable,
  isIdle,
  isStoppable,
  isUp,
  otherUrlsOf,
  pageErrorsOf,
  plannedRestart,
  portConflictOf,
  startedBy,
  browserUrl,
} from '../server/stateQueries.js';
import { joinList } from '../text.js';

/** Presentation of one server, which all views share. */
export interface ServerView {
  readonly label: string;
  /** URL, or the state as text. */
  readonly description: string;
  /** Id of a product icon. */
  readonly icon: string;
  /** Id of a theme color; the default color when undefined. */
  readonly color: string | undefined;
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

export interface ViewMoment extends RowMoment {
  /** Locale of dates; that of the system by default. */
  readonly locale?: string | undefined;
}

/** Facts for a row besides its server. */
export interface ViewContext extends RowContext {
  /** Label of the row; the name of the server when missing. */
  readonly label?: string;
}

/** Returns the presentation of a server at a moment. */
export function serverView(
  record: ServerRecord,
  moment: ViewMoment,
  l10n: Translator,
  context: ViewContext = {},
): ServerView {
  const { definition, state } = record;
  const { label = definition.name, name, titleOf = shortId } = context;
  const text = stateAndRestartText(state, moment, l10n, titleOf);
  const address = addressOf(state);
  return {
    label,
    description: rowDescription(record, moment, l10n, context),
    ...appearance(state),
    context: contextKeywords(state).join(' '),
    spoken: spokenText([label, name, portLabelOf(record)], record, text, l10n),
    tooltip: [
      { title: l10n.t('State'), value: text || l10n.t('stopped') },
      ...(address === undefined ? [] : [{ title: l10n.t('URL'), value: address }]),
      ...otherUrlsOf(state).map((url) => ({ title: l10n.t('Also'), value: url })),
      ...endpointRows(state, l10n),
      ...pageErrorRows(state, l10n),
      ...dependencyRows(definition, titleOf, l10n),
      { title: l10n.t('Command'), value: commandText(definition.command) },
      ...(definition.script ? [{ title: l10n.t('Script'), value: definition.script.body }] : []),
      { title: l10n.t('Folder'), value: definition.cwd },
      ...definitionRows(definition, l10n),
      ...runRows(state, moment, l10n),
    ],
    tail: crashTail(state),
  };
}

function spokenText(
  names: readonly (string | undefined)[],
  { state }: ServerRecord,
  text: string,
  l10n: Translator,
): string {
  const name = joinList(
    names.flatMap((each) => each ?? []),
    l10n,
  );
  const address = addressOf(state);
  return state.kind === 'ready' && address !== undefined
    ? l10n.t('{0}, ready at {1}', name, address)
    : l10n.t('{0}, {1}', name, text || l10n.t('stopped'));
}

/** Returns the state with the planned restart: `crashed (exit 1), restarting in 4 s`. */
function stateAndRestartText(
  state: ServerState,
  moment: ViewMoment,
  l10n: Translator,
  titleOf: TitleOf,
): string {
  const text = stateText(state, l10n, titleOf);
  const givenUp = givenUpText(state, l10n);
  if (givenUp !== undefined) return l10n.t('{0}, {1}', text, givenUp);
  if (!plannedRestart(state)) return text;
  const left = durationText(Math.ceil((countdownMs(state, moment) ?? 0) / 1000) * 1000, l10n);
  return l10n.t('{0}, restarting in {1}', text, left);
}

function appearance(state: ServerState): Pick<ServerView, 'icon' | 'color'> {
  switch (state.kind) {
    case 'stopped':
      return { icon: 'circle-large-outline', color: undefined };
    case 'queued':
      return { icon: 'watch', color: colors.changing };
    case 'reserved':
    case 'starting':
    case 'stopping':
      return { icon: 'loading~spin', color: colors.changing };
    case 'ready':
      // Not the icon of a problem: the server works, but its host name may resolve to the other program, or a part of
      // the server does not work.
      return {
        icon: 'pass-filled',
        color: state.endpoint?.contested || state.endpoint?.conflict ? colors.changing : colors.works,
      };
    case 'external':
      return { icon: 'debug-disconnect', color: colors.works };
    case 'unhealthy':
    case 'stopFailed':
      return { icon: 'warning', color: colors.warning };
    case 'crashed':
      return { icon: 'error', color: colors.error };
  }
}

function contextKeywords(state: ServerState): string[] {
  const keywords = ['server', state.kind];
  if (isIdle(state)) keywords.push('startable');
  if (isStoppable(state)) keywords.push('stoppable');
  if (isUp(state)) keywords.push('running');
  if (browserUrl(state) !== undefined) keywords.push('url');
  if (hasTerminal(state)) keywords.push('terminal');
  if (isDismissable(state)) keywords.push('dismissable');
  if (pageErrorsOf(state) > 0) keywords.push('pageErrors');
  return keywords;
}

function dependencyRows(definition: ServerDefinition, titleOf: TitleOf, l10n: Translator): TooltipRow[] {
  const ids = dependenciesOf(definition);
  return ids.length === 0 ? [] : [{ title: l10n.t('Depends on'), value: joinList(ids.map(titleOf), l10n) }];
}

/** Returns the file, or else the setting, from which the server comes. */
function definitionRows({ source, file }: ServerDefinition, l10n: Translator): TooltipRow[] {
  const value = source === 'settings' ? 'devServers.servers' : file;
  if (value === undefined) return [];
  return [{ title: source === 'guides' ? l10n.t('Documented in') : l10n.t('Defined in'), value }];
}

function pageErrorRows(state: ServerState, l10n: Translator): TooltipRow[] {
  const count = pageErrorsOf(state);
  return count === 0 ? [] : [{ title: l10n.t('Page errors'), value: String(count) }];
}

function runRows(state: ServerState, moment: ViewMoment, l10n: Translator): TooltipRow[] {
  if (!('run' in state)) return [];
  const { process, startedAt, startedTick } = state.run;
  return [
    { title: l10n.t('PID'), value: String(process.pid) },
    { title: l10n.t('Started'), value: new Date(startedAt).toLocaleString(moment.locale) },
    { title: l10n.t('Uptime'), value: durationText(moment.tick - startedTick, l10n) },
    // The origin of a run that another window started is unknown.
    ...(state.kind === 'external'
      ? []
      : [{ title: l10n.t('Started by'), value: originText(startedBy(state), l10n) }]),
  ];
}

/**
 * Returns the listener if it is another process than the started one, a warning about a shared port, and failed probes.
 */
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
