import { commands, TerminalExitReason, ThemeIcon, window, type Disposable, type Terminal } from 'vscode';
import type { TextStore } from '../../core/handOver/windowMemory.js';
import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { OutputHost } from '../../core/lifecycle/processHost.js';
import type { Registry } from '../../core/registry/registry.js';
import { notifyFailure } from '../notifications/failureNotifications.js';
import { terminalName } from './terminalName.js';
import { ServerTerminal } from './serverTerminal.js';
import type { Clock, Logger, Translator } from '../../core/common.js';
import type { ServerRecord, Snapshot } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';
import type { RunId } from '../../core/server/state.js';

export interface ServerTerminalsDeps {
  readonly registry: Registry;
  readonly output: OutputHost;
  readonly l10n: Translator;
  readonly clock: Clock;
  readonly lifecycle: Pick<Lifecycle, 'stop'>;
  readonly log: Logger;
  /** Remembers for the next window which terminals are open. */
  readonly store: TextStore;
}

/** Key under which the open terminals are kept. */
export const terminalsKey = 'terminals';

/** An open terminal, in the form that is saved for the next window. */
interface SavedTerminal {
  readonly id: ServerId;
  readonly runId?: RunId | undefined;
}

interface ShownTerminal {
  readonly terminal: Terminal;
  readonly view: ServerTerminal;
}

/** Terminals of servers, created on first use. No other class creates terminals. */
export class ServerTerminals implements Disposable {
  readonly #shown = new Map<ServerId, ShownTerminal>();
  readonly #unsubscribe: () => void;
  readonly #closing: Disposable;
  #seen: ReadonlyMap<ServerId, ServerRecord> = new Map();

  constructor(private readonly deps: ServerTerminalsDeps) {
    this.#unsubscribe = deps.registry.onDidChange((snapshot) => this.#update(snapshot));
    this.#closing = window.onDidCloseTerminal((terminal) => this.#onClosed(terminal));
  }

  /** Opens the terminals that were open in an earlier window, in their order and without showing them. */
  restore(saved: string | undefined): void {
    for (const { id, runId } of parseTerminals(saved)) {
      const record = this.deps.registry.find(id);
      if (record && !this.#shown.has(id)) this.#create(record, runId);
    }
  }

  /** Creates the terminal of a server if it does not exist, without showing it. */
  ensure(record: ServerRecord): Terminal {
    const { id } = record.definition;
    return this.#shown.get(id)?.terminal ?? this.#create(record);
  }

  #create(record: ServerRecord, runId?: RunId): Terminal {
    const { id } = record.definition;
    const { lifecycle } = this.deps;
    const view = new ServerTerminal({
      output: this.deps.output,
      l10n: this.deps.l10n,
      clock: this.deps.clock,
      onStartAgain: () => void commands.executeCommand('devServers.start', id),
      onStop: () => this.#notifyIfRejected(lifecycle.stop(id)),
      onRun: () => this.#save(),
    });
    view.restore(runId);
    view.update(record);
    const terminal = window.createTerminal({
      name: terminalName(record),
      pty: view,
      iconPath: new ThemeIcon('server-process'),
      // The editor would restore it as an empty shell.
      isTransient: true,
    });
    this.#shown.set(id, { terminal, view });
    this.#save();
    return terminal;
  }

  show(record: ServerRecord, preserveFocus: boolean): void {
    this.ensure(record).show(preserveFocus);
  }

  dispose(): void {
    this.#unsubscribe();
    this.#closing.dispose();
  }

  /**
   * Stops the server when the user closes its terminal, but not during a reload of the window, which closes all
   * terminals.
   */
  #onClosed(terminal: Terminal): void {
    const [id, shown] = [...this.#shown].find(([, each]) => each.terminal === terminal) ?? [];
    if (id === undefined || terminal.exitStatus?.reason === TerminalExitReason.Shutdown) return;
    shown?.view.forget();
    this.#shown.delete(id);
    this.#save();
    this.#notifyIfRejected(this.deps.lifecycle.stop(id));
  }

  #save(): void {
    const saved: SavedTerminal[] = [...this.#shown].map(([id, { view }]) => ({ id, runId: view.runId }));
    this.deps.store.save(terminalsKey, saved.length > 0 ? JSON.stringify(saved) : undefined, false);
  }

  #notifyIfRejected(operation: Promise<unknown>): void {
    operation.catch((error: unknown) => {
      this.deps.log.error('An operation from a terminal failed', error);
      notifyFailure(error, this.deps.l10n);
    });
  }

  #update({ servers }: Snapshot): void {
    const seen = new Map(servers.map((record) => [record.definition.id, record]));
    for (const [id, { view }] of this.#shown) {
      const record = seen.get(id);
      if (record && record !== this.#seen.get(id)) view.update(record);
    }
    this.#seen = seen;
  }
}

function parseTerminals(text = '[]'): readonly SavedTerminal[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as SavedTerminal[]) : [];
  } catch {
    return [];
  }
}
