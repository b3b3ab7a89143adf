import type { ServerDefinition } from '../server/definition.js';
import { firstOrigin } from '../server/origin.js';
import type { ServerState } from '../server/state.js';
import {
  addressOf,
  endpointOf,
  isIdle,
  plannedRestart,
  lastEndOf,
  pageErrorsOf,
  startedBy,
} from '../server/stateQueries.js';
import { portOfUrl } from '../server/urlPort.js';
import type { Translator } from '../common.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { addressText } from './addressText.js';
import { endpointNote, readinessProblemLabel } from './readinessText.js';
import { givenUpText, stateText, type TitleOf } from './stateText.js';
import { durationText } from '../durationText.js';
import { translated, withoutFullStop, type Text } from '../text.js';
import { toolText } from './toolText.js';

export interface RowMoment {
  /** Wall clock, milliseconds since 1970. */
  readonly now: number;
  /** Monotonic milliseconds. */
  readonly tick: number;
}

export interface RowContext {
  /** Name of the server, if the label of the row is another one. */
  readonly name?: string | undefined;
  readonly titleOf?: TitleOf | undefined;
}

/** Stops that take no longer than this have no countdown, milliseconds. */
const quietStopMs = 1000;

/**
 * Returns the text beside the label of a row. A narrow view cuts off the end, so the most important part comes first:
 * problems, then the address, then the description of the server.
 */
export function rowDescription(
  { definition, state }: ServerRecord,
  moment: RowMoment,
  l10n: Translator,
  { name, titleOf }: RowContext = {},
): string {
  const isFresh = state.kind === 'stopped' && !state.lastEnd;
  const parts = [
    isFresh || worksAtAddress(state) ? '' : shortState(state, moment, l10n, titleOf),
    shownAddress(state),
    portLabelOf({ definition, state }) ?? '',
    noteText(state, l10n),
    pageErrorText(state, l10n),
    starterText(state, l10n),
    name ?? '',
    isFresh ? (kindText(definition) ?? '') : '',
  ];
  return [...new Set(parts.filter((part) => part !== ''))].join(' · ');
}

/**
 * Returns the tool that serves. The name of a server in a guide shows its tool, but not why it is listed, so that the guide
 * takes its place.
 */
function kindText(definition: ServerDefinition): string | undefined {
  const { source, file } = definition;
  return source === 'guides' ? file?.slice(file.lastIndexOf('/') + 1) : toolText(definition);
}

/** Returns the label that the project gives to the port of a server: the one that it uses, or else is known to use. */
export function portLabelOf({
  definition: { portLabels, portLabel },
  state,
}: Pick<ServerRecord, 'definition' | 'state'>): string | undefined {
  const address = addressOf(state);
  if (address === undefined) return portLabel;
  const port = portOfUrl(address);
  return port === undefined ? undefined : portLabels?.[port];
}

/** Returns whether the address alone says that the server works. */
function worksAtAddress(state: ServerState): boolean {
  return (state.kind === 'ready' || state.kind === 'external') && addressOf(state) !== undefined;
}

/**
 * Returns the address, or where a server that is not ready is expected. Where two programs share a port, only the host
 * tells their addresses apart.
 */
function shownAddress(state: ServerState): string {
  const address = addressOf(state) ?? expectedAddress(state);
  return address === undefined ? '' : addressText(address, endpointOf(state)?.contested);
}

/** Outcomes of probes of addresses that do not belong to the server. */
const elsewhere: ReadonlySet<string> = new Set(['tool', 'foreign', 'noMatch']);

/** Returns the address that was checked without success, or the port that the server was expected to use. */
function expectedAddress(state: ServerState): string | undefined {
  // The text of a conflict names its port.
  if (state.kind !== 'unhealthy' || state.problem.kind === 'conflict') return undefined;
  const attempts = 'attempts' in state.problem ? state.problem.attempts : [];
  const checked = attempts.find(
    ({ target, outcome }) => target.includes('://') && !elsewhere.has(outcome.kind),
  );
  const { port } = state.run;
  return checked?.target ?? (port === undefined ? undefined : `http://localhost:${port}`);
}

/** Returns how many errors the pages of a server have written; empty without any. */
function pageErrorText(state: ServerState, l10n: Translator): string {
  const count = pageErrorsOf(state);
  if (count === 0) return '';
  return count === 1 ? l10n.t('1 error in page') : l10n.t('{0} errors in page', count);
}

function noteText(state: ServerState, l10n: Translator): string {
  if (state.kind === 'external') return stateText(state, l10n);
  return state.kind === 'ready' ? endpointNote(state.endpoint, l10n) : '';
}

/** Returns the milliseconds until the next scheduled event of the server; `undefined` if there is none. */
export function countdownMs(state: ServerState, { now, tick }: RowMoment): number | undefined {
  const restart = plannedRestart(state);
  if (restart) return (lastEndOf(state)?.at ?? now) + restart.delayMs - now;
  if (state.kind !== 'stopping' || !state.grace) return undefined;
  const { sinceTick, graceMs } = state.grace;
  return sinceTick + graceMs - tick;
}

function shortState(
  state: ServerState,
  moment: RowMoment,
  l10n: Translator,
  titleOf: TitleOf | undefined,
): string {
  const restart = plannedRestart(state);
  const leftMs = countdownMs(state, moment);
  const text = givenUpText(state, l10n) ?? stateLabel(state, l10n, titleOf);
  if (leftMs === undefined) return text;
  const left = durationText(Math.ceil(leftMs / 1000) * 1000, l10n);
  if (restart) return leftMs > 0 ? `${l10n.t('restarting in {0}', left)} · ${text}` : l10n.t('restarting…');
  return isLongStop(state, moment) ? `${l10n.t('kill in {0}', left)} · ${text}` : text;
}

/** Returns the state without the part that the icon shows, and without details that only the tooltip has room for. */
function stateLabel(state: ServerState, l10n: Translator, titleOf: TitleOf | undefined): string {
  if (state.kind === 'unhealthy') return readinessProblemLabel(state.problem, l10n);
  if (state.kind === 'crashed' && state.crash.kind === 'failure')
    return withoutFullStop(translated(withShortPaths(state.crash.message), l10n));
  return stateText(state, l10n, titleOf);
}

/** Shortens absolute paths to their last parts, since a row is cut off at its end. The tooltip shows the whole paths. */
function withShortPaths(text: Text): Text {
  return typeof text === 'string'
    ? text
    : [text].flat().map(({ template, args }) => ({ template, args: args.map(shortPath) }));
}

/** Returns `…/apps/web` for `/home/me/shop/apps/web`, and other texts as they are. */
function shortPath(text: string | number): string | number {
  const parts = String(text).split(/(?=[/\\])/u);
  const isPath = /^[/\\]|^.:$/u.test(parts[0] ?? '');
  return isPath && parts.length > 3 ? `…${parts.slice(-2).join('')}` : text;
}

/** Returns whether a stop has taken so long that the user may want to end it. */
function isLongStop(state: ServerState, { tick }: RowMoment): boolean {
  if (state.kind !== 'stopping' || !state.grace) return false;
  const elapsedMs = tick - state.grace.sinceTick;
  return elapsedMs >= quietStopMs && elapsedMs < state.grace.graceMs;
}

/** Returns a note about a server that an agent started, unless the server is idle. */
function starterText(state: ServerState, l10n: Translator): string {
  const first = firstOrigin(startedBy(state));
  return first.kind === 'agent' && !isIdle(state) ? l10n.t('started by {0}', first.name) : '';
}
