import type { Translator } from './ports.js';
import type { ServerRecord } from './registry.js';
import { commandText } from './server.js';
import {
  isIdle,
  isStoppable,
  isUp,
  plannedRestart,
  urlOf,
  type Crash,
  type ExitStatus,
  type RunEnd,
  type ServerState,
} from './serverState.js';

/** How one server looks; every place that shows it draws from this. */
export interface ServerView {
  readonly label: string;
  /** URL, or the state in words. */
  readonly description: string;
  /** Id of a product icon. */
  readonly icon: string;
  /** Id of a theme colour; the default colour when undefined. */
  readonly colour: string | undefined;
  /** Words that menus match, e.g. `server running url stoppable`. */
  readonly context: string;
  /** Read aloud instead of label and description. */
  readonly spoken: string;
  readonly tooltip: readonly TooltipRow[];
  /** The last lines of output of a crash; empty otherwise. */
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

/** The look of a server at a moment. */
export function serverView(
  { definition, state }: ServerRecord,
  moment: ViewMoment,
  l10n: Translator,
): ServerView {
  const words = outlookWords(state, l10n);
  const url = urlOf(state);
  return {
    label: definition.name,
    description: describe(state, words, l10n),
    ...look(state),
    context: contextWords(state).join(' '),
    spoken:
      state.kind === 'ready'
        ? l10n.t('{0}, ready at {1}', definition.name, state.url)
        : l10n.t('{0}, {1}', definition.name, words || l10n.t('stopped')),
    tooltip: [
      { title: l10n.t('State'), value: words || l10n.t('stopped') },
      ...(url === undefined ? [] : [{ title: l10n.t('URL'), value: url }]),
      { title: l10n.t('Command'), value: commandText(definition.command) },
      { title: l10n.t('Folder'), value: definition.cwd },
      ...runRows(state, moment, l10n),
    ],
    tail: tailOf(state),
  };
}

/** `crashed (exit 1)`, `ready`; empty for a server that was never started. */
export function stateWords(state: ServerState, l10n: Translator): string {
  switch (state.kind) {
    case 'stopped':
      return state.lastEnd ? endWords(state.lastEnd, l10n) : '';
    case 'reserved':
    case 'starting':
      return l10n.t('starting…');
    case 'ready':
      return l10n.t('ready');
    case 'external':
      return l10n.t('adopted');
    case 'stopping':
      return l10n.t('stopping…');
    case 'stopFailed':
      return l10n.t('could not be stopped: {0} still alive', state.survivors.length);
    case 'crashed':
      return crashWords(state.crash, l10n);
  }
}

/** The state, and the restart that follows it: `crashed (exit 1), restarting in 4 s`. */
function outlookWords(state: ServerState, l10n: Translator): string {
  const words = stateWords(state, l10n);
  const restart = plannedRestart(state);
  return restart ? l10n.t('{0}, restarting in {1}', words, durationWords(restart.delayMs, l10n)) : words;
}

/** `45 s`, `3 min`, `2 h 5 min`, `3 d 4 h`: two units are enough to know how long. */
export function durationWords(milliseconds: number, l10n: Translator): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return l10n.t('{0} s', seconds);
  if (hours === 0) return l10n.t('{0} min', minutes);
  if (hours < 24) return l10n.t('{0} h {1} min', hours, minutes % 60);
  return l10n.t('{0} d {1} h', Math.floor(hours / 24), hours % 24);
}

function look(state: ServerState): Pick<ServerView, 'icon' | 'colour'> {
  switch (state.kind) {
    case 'stopped':
      return { icon: 'circle-large-outline', colour: undefined };
    case 'reserved':
    case 'starting':
    case 'stopping':
      return { icon: 'loading~spin', colour: 'charts.yellow' };
    case 'ready':
      return { icon: 'pass-filled', colour: 'charts.green' };
    case 'external':
      return { icon: 'debug-disconnect', colour: 'charts.green' };
    case 'stopFailed':
      return { icon: 'warning', colour: 'list.warningForeground' };
    case 'crashed':
      return { icon: 'error', colour: 'list.errorForeground' };
  }
}

function contextWords(state: ServerState): string[] {
  const words = ['server', state.kind];
  if (isIdle(state)) words.push('startable');
  if (isStoppable(state)) words.push('stoppable');
  if (isUp(state)) words.push('running');
  if (urlOf(state) !== undefined) words.push('url');
  if (state.kind !== 'stopped' || state.lastEnd) words.push('terminal');
  return words;
}

function runRows(state: ServerState, moment: ViewMoment, l10n: Translator): TooltipRow[] {
  if (!('run' in state)) return [];
  const { process, startedAt, startedTick } = state.run;
  return [
    { title: l10n.t('Process'), value: String(process.pid) },
    { title: l10n.t('Started'), value: new Date(startedAt).toLocaleString() },
    { title: l10n.t('Uptime'), value: durationWords(moment.tick - startedTick, l10n) },
  ];
}

function tailOf(state: ServerState): readonly string[] {
  return state.kind === 'crashed' && state.crash.kind === 'exit' ? state.crash.tail : [];
}

function crashWords(crash: Crash, l10n: Translator): string {
  if (crash.kind === 'failure') return l10n.t('failed: {0}', crash.message);
  return l10n.t('crashed ({0})', exitWords(crash.exit, l10n));
}

function endWords(end: RunEnd, l10n: Translator): string {
  return end.interrupted ? l10n.t('stopped by the user') : l10n.t('ended ({0})', exitWords(end.exit, l10n));
}

function exitWords(exit: ExitStatus, l10n: Translator): string {
  switch (exit.kind) {
    case 'code':
      return l10n.t('exit {0}', exit.code);
    case 'signal':
      return exit.signal;
    case 'unknown':
      return l10n.t('exit unknown');
  }
}

function describe(state: ServerState, words: string, l10n: Translator): string {
  const url = urlOf(state);
  if (url === undefined) return words;
  return state.kind === 'external' ? l10n.t('{0} ({1})', displayUrl(url), words) : displayUrl(url);
}

/** The trailing slash of a bare address says nothing. */
function displayUrl(url: string): string {
  return url.replace(/^(https?:\/\/[^/]+)\/$/, '$1');
}
