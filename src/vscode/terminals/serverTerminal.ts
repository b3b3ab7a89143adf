import { EventEmitter, type Pseudoterminal, type TerminalDimensions } from 'vscode';
import type { OutputHost } from '../../core/lifecycle/processHost.js';
import { plainText } from '../../core/plainText.js';
import { serverTitle } from '../../core/server/definition.js';
import type { RunId, ServerState } from '../../core/server/state.js';
import { ShellReportFilter } from './shellReports.js';
import { terminalName } from './terminalName.js';
import { timeOfDay } from '../display/timeOfDay.js';
import { durationText } from '../../core/durationText.js';
import { stateText } from '../../core/views/stateText.js';
import type { Clock, Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { isIdle, isUp, plannedRestart, runIdOf } from '../../core/server/stateQueries.js';

/** Delay in milliseconds before shown output is acknowledged. It limits a flood to a rate that the window can draw. */
const acknowledgeDelayMs = 10;

/**
 * Delay in milliseconds after which the name is set again. When the editor has opened a terminal, it resets the name to
 * the initial one, and does not report this.
 */
const nameDelayMs = 1000;

/** Maximum time to wait for the output of a run that has ended, milliseconds. */
const replayMs = 1000;

export interface ServerTerminalDeps {
  readonly output: OutputHost;
  readonly l10n: Translator;
  readonly clock: Clock;
  readonly onStartAgain: () => void;
  readonly onStop: () => void;
  /** Called when the view shows another run. */
  readonly onRun: () => void;
}

/**
 * View of a server's pseudo-terminal, which is in the process host. It outlives the run: the next run is shown below
 * it. It never closes itself, since that would discard the output.
 */
export class ServerTerminal implements Pseudoterminal {
  readonly #written = new EventEmitter<string>();
  readonly onDidWrite = this.#written.event;
  readonly #renamed = new EventEmitter<string>();
  readonly onDidChangeName = this.#renamed.event;
  #name = '';
  #size: TerminalDimensions = { columns: 120, rows: 30 };
  #isOpen = false;
  #record: ServerRecord | undefined;
  #runId: RunId | undefined;
  #detach: (() => void) | undefined;
  /** Notes that stand below the output of the run. */
  #notes = '';

  /** A run of an earlier window, or of the time before the editor opened the terminal, to be shown when it opens. */
  #restoredRun: RunId | undefined;

  constructor(private readonly deps: ServerTerminalDeps) {}

  /** The run whose output is shown. */
  get runId(): RunId | undefined {
    return this.#runId ?? this.#restoredRun;
  }

  /** Shows the output of this run first, which may have ended before this window was opened. */
  restore(runId: RunId | undefined): void {
    this.#restoredRun = runId;
  }

  open(size: TerminalDimensions | undefined): void {
    this.#isOpen = true;
    if (size) this.#size = size;
    const record = this.#record;
    this.#record = undefined;
    if (record && isIdle(record.state)) this.#replay(record);
    if (record) this.update(record);
    setTimeout(() => this.#renamed.fire(this.#name), nameDelayMs);
  }

  /** The editor closes it when the user does, and when the window is about to be loaded again. */
  close(): void {
    this.#isOpen = false;
    this.#detach?.();
    this.#detach = undefined;
  }

  /** Frees the output of the run: the user has closed the terminal. */
  forget(): void {
    this.#detachRun();
  }

  handleInput(data: string): void {
    const state = this.#record?.state;
    if (!state) return;
    if (isUp(state) || state.kind === 'stopping') this.deps.output.input(state.run.id, data);
    else if (isIdle(state) && data.includes('\r')) this.deps.onStartAgain();
    else if ((plannedRestart(state) ?? state.kind === 'queued') && data.includes('\u0003'))
      this.deps.onStop();
  }

  setDimensions(size: TerminalDimensions): void {
    this.#size = size;
    if (this.#runId !== undefined) this.deps.output.resize(this.#runId, size.columns, size.rows);
  }

  /** Updates the view: shows the output of a new run, or a note at the end of a run. */
  update(record: ServerRecord): void {
    const before = this.#record?.state;
    this.#record = record;
    const { state } = record;
    const runId = state.kind === 'reserved' ? undefined : runIdOf(state);
    if (!this.#isOpen) {
      this.#restoredRun = runId ?? this.#restoredRun;
      return;
    }
    this.#rename(terminalName(record));
    if (runId !== undefined && runId !== this.#runId) this.#attachRun(runId);
    if (isIdle(state) && (before ? !isIdle(before) : this.#hasOnlyReason(state))) this.#writeEnd(record);
  }

  /** Returns whether a start failed before a process existed, so that only its reason can be shown. */
  #hasOnlyReason(state: ServerState): boolean {
    return state.kind === 'crashed' && this.#runId === undefined;
  }

  #rename(name: string): void {
    if (name === this.#name) return;
    this.#name = name;
    this.#renamed.fire(name);
  }

  /** Shows the run that has ended before the terminal opened, and the end below its output. */
  #replay(record: ServerRecord): void {
    const runId = this.#restoredRun;
    this.#restoredRun = undefined;
    if (runId === undefined) return;
    let isWritten = false;
    const writeEnd = (): void => {
      if (!isWritten && this.#runId === runId) this.#writeEnd(record);
      isWritten = true;
    };
    this.#attachRun(runId, writeEnd);
    // The run may have printed nothing.
    setTimeout(writeEnd, replayMs);
  }

  #attachRun(runId: RunId, onReplayed?: () => void): void {
    this.#restoredRun = undefined;
    let isReplayed = false;
    let reports = new ShellReportFilter();
    if (this.#runId !== undefined) this.#writeBelow(this.deps.l10n.t('Restarted at {0}', this.#timeOfDay()));
    const { columns, rows } = this.#size;
    const above = this.#runId === undefined ? undefined : { runId: this.#runId, notes: this.#notes };
    const onOutput = (data: string, skippedBytes: number): void => {
      if (skippedBytes > 0) {
        reports = new ShellReportFilter();
        this.#writeNote(skippedText(skippedBytes, this.deps.l10n));
      }
      this.#written.fire(reports.push(data));
      if (!isReplayed) onReplayed?.();
      isReplayed = true;
      setTimeout(() => this.deps.output.acknowledge(runId, data.length), acknowledgeDelayMs);
    };
    const detach = this.deps.output.attach(runId, columns, rows, onOutput, above);
    this.#detachRun();
    this.#runId = runId;
    this.#detach = detach;
    this.deps.onRun();
  }

  #detachRun(): void {
    this.#detach?.();
    this.#detach = undefined;
    if (this.#runId !== undefined) this.deps.output.forget(this.#runId);
    this.#runId = undefined;
    this.#notes = '';
  }

  #writeEnd({ definition, state }: ServerRecord): void {
    const { l10n } = this.deps;
    const outcome = stateText(state, l10n) || l10n.t('stopped');
    const title = serverTitle(definition);
    const restart = plannedRestart(state);
    this.#writeBelow(
      restart
        ? l10n.t(
            '{0} {1} at {2}. Restarting in {3}. Press Ctrl+C to cancel.',
            title,
            outcome,
            this.#timeOfDay(),
            durationText(restart.delayMs, l10n),
          )
        : l10n.t('{0} {1} at {2}. Press Enter to start it again.', title, outcome, this.#timeOfDay()),
    );
  }

  /**
   * Writes, and returns, a faint line of the extension between the lines of the server, after a reset of colors and
   * cursor.
   */
  #writeNote(text: string): string {
    const note = `\u001b[0m\u001b[?25h\r\n\u001b[2m── ${plainText(text)} ──\u001b[0m\r\n`;
    this.#written.fire(note);
    return note;
  }

  /** Writes a note below the output of the run. */
  #writeBelow(text: string): void {
    this.#notes += this.#writeNote(text);
  }

  #timeOfDay(): string {
    return timeOfDay(this.deps.clock.now());
  }
}

function skippedText(bytes: number, l10n: Translator): string {
  return l10n.t('{0} MB skipped here; the log is complete', (bytes / 1_000_000).toFixed(1));
}
