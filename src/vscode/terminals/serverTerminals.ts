import { commands, ThemeColor, ThemeIcon, window, type Disposable, type Terminal } from 'vscode';
import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { OutputHost } from '../../core/lifecycle/processHost.js';
import type { Registry } from '../../core/registry/registry.js';
import { plainText } from '../../core/plainText.js';
import { serverTitle } from '../../core/server/definition.js';
import { notifyFailure } from '../notifications/failureNotifications.js';
import { ServerTerminal } from './serverTerminal.js';
import type { Clock, Logger, Translator } from '../../core/common.js';
import type { ServerRecord, Snapshot } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';

export interface ServerTerminalsDeps {
  readonly registry: Registry;
  readonly output: OutputHost;
  readonly l10n: Translator;
  readonly clock: Clock;
  readonly lifecycle: Pick<Lifecycle, 'stop'>;
  readonly log: Logger;
}

/** Longest name of a terminal, in UTF-16 units. */
const maxNameLength = 100;

interface ShownTerminal {
  readonly terminal: Terminal;
  readonly view: ServerTerminal;
}

/** Terminals of servers, created on first use. No other class creates terminals. */
export class ServerTerminals implements Disposable {
  readonly #shown = new Map<ServerId, ShownTerminal>();
  readonly #unsubscribe: () => void;
  #seen: ReadonlyMap<ServerId, ServerRecord> = new Map();

  constructor(private readonly deps: ServerTerminalsDeps) {
    this.#unsubscribe = deps.registry.onDidChange((snapshot) => this.#update(snapshot));
  }

  /** Creates the terminal of a server if it does not exist, without showing it. */
  ensure(record: ServerRecord): Terminal {
    const { id } = record.definition;
    const shown = this.#shown.get(id);
    if (shown) return shown.terminal;
    const { lifecycle } = this.deps;
    const view = new ServerTerminal({
      output: this.deps.output,
      l10n: this.deps.l10n,
      clock: this.deps.clock,
      onStartAgain: () => void commands.executeCommand('devServers.start', id),
      onStop: () => this.#notifyIfRejected(lifecycle.stop(id)),
      onClosedByUser: () => {
        this.#shown.delete(id);
        this.#notifyIfRejected(lifecycle.stop(id));
      },
    });
    view.update(record);
    const terminal = window.createTerminal({
      // The editor shows icons in the names of terminals.
      name: plainText(serverTitle(record.definition), maxNameLength),
      pty: view,
      iconPath: new ThemeIcon('server-process'),
      color: new ThemeColor('terminal.ansiGreen'),
      // The server ends with the window, so a restored terminal would be an empty shell.
      isTransient: true,
    });
    this.#shown.set(id, { terminal, view });
    return terminal;
  }

  show(record: ServerRecord, preserveFocus: boolean): void {
    this.ensure(record).show(preserveFocus);
  }

  dispose(): void {
    this.#unsubscribe();
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
