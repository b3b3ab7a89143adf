import { escapeHidden } from '../../core/plainText.js';
import { shortId } from '../../core/server/identity.js';
import { english } from '../../core/text.js';
import { complaintAtEnd } from '../../core/urlDetection/addressInUse.js';
import { conflictText } from '../../core/views/readinessText.js';
import { stateText } from '../../core/views/stateText.js';
import { addressOf, isIdle, lastEndOf, otherUrlsOf } from '../../core/server/stateQueries.js';
import type { LogStore } from '../../core/logs/logStore.js';
import type { Registry } from '../../core/registry/registry.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import type { ServerId } from '../../core/server/identity.js';
import { missingOutputText, print, printOutput } from '../call/output.js';
import { paddedEnd, textWidth } from '../call/textWidth.js';
import { ServerOutput } from './serverOutput.js';

export interface ProgressViewDeps {
  readonly registry: Pick<Registry, 'current' | 'onDidChange'>;
  readonly logs: Pick<LogStore, 'tail' | 'range' | 'watch'>;
  /** Returns sentences about what the folder of a server that has crashed lacks. */
  readonly missingIn: (definition: ServerDefinition) => Promise<readonly string[]>;
  readonly isJson: boolean;
}

/** Prints the output and the changes of state of servers, each line with the name of its server. */
export class ProgressView {
  readonly #states = new Map<ServerId, string>();
  readonly #outputs = new Map<ServerId, ServerOutput>();
  /** Resolves when all changes of state so far are printed. */
  #printed = Promise.resolve();

  constructor(private readonly deps: ProgressViewDeps) {
    deps.registry.onDidChange(({ servers }) => {
      for (const record of servers) this.#update(record);
    });
  }

  /** Resolves when all output so far is printed. */
  async flush(): Promise<void> {
    await Promise.all([...this.#outputs.values()].map((output) => output.flush()));
    await this.#printed;
  }

  dispose(): void {
    for (const output of this.#outputs.values()) output.dispose();
  }

  #update(record: ServerRecord): void {
    const { definition, state } = record;
    const { id } = definition;
    if (!isIdle(state)) this.#follow(record);
    const text = stateLine(record);
    if (text === (this.#states.get(id) ?? '')) return;
    this.#states.set(id, text);
    // Print the output of a server before its end.
    const output = isIdle(state) ? this.#outputs.get(id) : undefined;
    const missing = state.kind === 'crashed' ? this.deps.missingIn(definition).catch(() => []) : [];
    this.#printed = this.#printed
      .then(() => output?.flush())
      .then(async () => this.#print(record, text, await missing));
  }

  #print({ definition: { id }, state }: ServerRecord, text: string, missing: readonly string[]): void {
    const url = addressOf(state) ?? null;
    const urls = url === null ? [] : [url, ...otherUrlsOf(state)];
    const lines = [text || 'stopped', ...missing].map((line) => `${this.#prefix(id)} = ${line}`);
    print(
      this.deps.isJson
        ? JSON.stringify({ id, state: state.kind, url, urls, ...(missing.length > 0 && { missing }) })
        : lines.join('\n'),
    );
  }

  #follow({ definition }: ServerRecord): void {
    const { id } = definition;
    if (this.#outputs.has(id)) return;
    const printLines = (lines: readonly string[]): void => {
      const texts = lines.map((line) =>
        this.deps.isJson ? JSON.stringify({ id, line }) : `${this.#prefix(id)} | ${line}`,
      );
      if (texts.length > 0) printOutput(texts.join('\n'));
    };
    const printLost = (bytes: number): void => {
      const text = missingOutputText(bytes);
      print(this.deps.isJson ? JSON.stringify({ id, missingBytes: bytes }) : `${this.#prefix(id)} = ${text}`);
    };
    const events = { onLines: printLines, onLost: printLost };
    this.#outputs.set(id, new ServerOutput(this.deps.logs, definition, events));
  }

  #prefix(id: ServerId): string {
    const active = this.deps.registry.current.servers.filter(
      ({ definition, state }) => this.#outputs.has(definition.id) || !isIdle(state),
    );
    const width = Math.max(...active.map(({ definition }) => textWidth(shownId(definition.id))));
    return paddedEnd(shownId(id), width);
  }
}

function shownId(id: ServerId): string {
  return escapeHidden(shortId(id));
}

function stateLine({ state }: ServerRecord): string {
  const address = addressOf(state);
  const where = address === undefined ? '' : ` at ${[address, ...otherUrlsOf(state)].join(' and ')}`;
  const complaint = state.kind === 'crashed' ? complaintAtEnd(lastEndOf(state)) : undefined;
  const why = complaint ? `: ${conflictText({ port: complaint.port, holder: undefined }, english)}` : '';
  return `${stateText(state, english)}${why}${where}`;
}
