import { window, type Disposable, type LogOutputChannel } from 'vscode';
import { escapeHidden } from '../../core/plainText.js';
import type { Logger } from '../../core/common.js';

/** Indentation of all lines of an entry but the first, so that no text can pose as an entry of its own. */
const indentation = '    ';

/**
 * Log in the extension's output channel. Its entries contain names and errors of the workspace, and users copy them
 * into reports and chats, so hidden characters are made visible.
 */
export class OutputLog implements Logger, Disposable {
  // Not a subscription: the editor disposes of subscriptions while this extension shuts down, and a closed channel
  // throws.
  readonly #channel: LogOutputChannel = window.createOutputChannel('Dev Servers', { log: true });

  info(message: string): void {
    this.#channel.info(entry(message));
  }

  error(message: string, cause?: unknown): void {
    this.#channel.error(entry(cause === undefined ? message : `${message}: ${causeText(cause)}`));
  }

  show(): void {
    this.#channel.show();
  }

  dispose(): void {
    this.#channel.dispose();
  }
}

function entry(text: string): string {
  const lines = text
    .split(/[\r\n\u2028\u2029]+/u)
    .map((line) => escapeHidden(line.replaceAll('\t', indentation)));
  return lines.join(`\n${indentation}`);
}

function causeText(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
