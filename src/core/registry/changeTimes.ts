import type { Clock } from '../common.js';
import type { ServerId } from '../server/identity.js';
import { addressOf, otherUrlsOf } from '../server/stateQueries.js';
import type { Registry } from './registry.js';
import type { ServerRecord, Snapshot } from './snapshot.js';

interface LastChange {
  readonly record: ServerRecord;
  /** The part of the server that callers see, as text. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/** Maximum number of removed servers that are remembered. */
const maxRemoved = 200;

/** Remembers when the state or an address of each server changed last. */
export class ChangeTimes {
  readonly #changes = new Map<ServerId, LastChange>();
  readonly #removals = new Map<ServerId, number>();

  constructor(
    registry: Pick<Registry, 'current' | 'onDidChange'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.#note(registry.current);
    registry.onDidChange((snapshot) => this.#note(snapshot));
  }

  /** Returns whether the server changed at that time or later. */
  isSince(id: ServerId, time: number): boolean {
    return (this.#changes.get(id)?.changedAt ?? 0) >= time;
  }

  /** Returns the servers that were removed at that time or later, and are not back. */
  removedSince(time: number): readonly ServerId[] {
    return [...this.#removals].filter(([, removedAt]) => removedAt >= time).map(([id]) => id);
  }

  #note({ servers }: Snapshot): void {
    const now = this.clock.now();
    const ids = new Set(servers.map(({ definition }) => definition.id));
    for (const id of this.#changes.keys()) {
      if (ids.has(id)) continue;
      this.#changes.delete(id);
      this.#removals.set(id, now);
    }
    for (const record of servers) this.#noteServer(record, now);
    for (const id of [...this.#removals.keys()].slice(0, -maxRemoved)) this.#removals.delete(id);
  }

  #noteServer(record: ServerRecord, now: number): void {
    const { id } = record.definition;
    const known = this.#changes.get(id);
    // A snapshot keeps the records that have not changed.
    if (known?.record === record) return;
    const text = seenText(record);
    const changedAt = known?.text === text ? known.changedAt : now;
    this.#changes.set(id, { record, text, changedAt });
    this.#removals.delete(id);
  }
}

function seenText({ state }: ServerRecord): string {
  const pid = 'run' in state ? state.run.process.pid : undefined;
  return JSON.stringify([state.kind, addressOf(state), otherUrlsOf(state), pid]);
}
