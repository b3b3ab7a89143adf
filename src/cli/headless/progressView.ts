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
import { print, printOutput } from '../call/output.js';
import { paddedEnd, textWidth } from '../call/textWidth.js';

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
    this.#outputs.set(id, new ServerOutput(this.deps.logs, definition, printLines));
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

/** Prints new output of a server whenever its log has grown. */
class ServerOutput {
  readonly #unwatch: () => void;
  /** Resolves when the requested reads are done. */
  #reads: Promise<void>;
  #offset = 0;
  #isQueued = false;

  constructor(
    private readonly logs: ProgressViewDeps['logs'],
    private readonly owner: ServerRecord['definition'],
    private readonly onLines: (lines: readonly string[]) => void,
  ) {
    this.#reads = this.#skipEarlierRuns().catch(() => undefined);
    this.#unwatch = logs.watch(owner, () => void this.flush());
  }

  flush(): Promise<void> {
    if (!this.#isQueued) {
      this.#isQueued = true;
      this.#reads = this.#reads.then(() => this.#read()).catch(() => undefined);
    }
    return this.#reads;
  }

  dispose(): void {
    this.#unwatch();
  }

  async #skipEarlierRuns(): Promise<void> {
    this.#offset = (await this.logs.tail(this.owner, { lines: 1 }))?.end ?? 0;
  }

  async #read(): Promise<void> {
    this.#isQueued = false;
    for (let isTruncated = true; isTruncated;) {
      const part = await this.logs.range(this.owner, this.#offset);
      if (!part || part.end === this.#offset) return;
      this.#offset = part.end;
      isTruncated = part.truncated;
      this.onLines(
        part.text
          .replace(/\n$/u, '')
          .split('\n')
          .filter((line) => !isNote(line)),
      );
    }
  }
}

/** Returns whether the extension wrote the line, such as `── Started … ──`, at the beginning of a run. */
function isNote(line: string): boolean {
  return /^(?:\u2500{2} .* \u2500{2})?$/u.test(line);
}
