import type { LogStore } from '../../core/logs/logStore.js';
import type { ServerDefinition } from '../../core/server/definition.js';

export interface ServerOutputEvents {
  readonly onLines: (lines: readonly string[]) => void;
  /** Called with the number of bytes that the log dropped before they were read. */
  readonly onLost: (bytes: number) => void;
}

/** Prints new output of a server whenever its log has grown. */
export class ServerOutput {
  readonly #unwatch: () => void;
  /** Resolves when the requested reads are done. */
  #reads: Promise<void>;
  #offset = 0;
  #isQueued = false;

  constructor(
    private readonly logs: Pick<LogStore, 'tail' | 'range' | 'watch'>,
    private readonly owner: ServerDefinition,
    private readonly events: ServerOutputEvents,
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
      if (part.start > this.#offset) this.events.onLost(part.start - this.#offset);
      this.#offset = part.end;
      isTruncated = part.truncated;
      this.events.onLines(
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
