import type { ServerDefinition } from '../server/definition.js';
import type { ServerState } from '../server/state.js';
import type { ServerId } from '../server/identity.js';

/** A change copies one page and the list of pages, so the root of a large number of servers is a good length. */
const pageLength = 32;

/**
 * Records by the ids of their servers, in the order in which these were added. It is what a map is, but copies share what
 * neither of them has changed, so that one costs the same with ten servers and with thousands.
 */
export class ServerRecords {
  #positions: ReadonlyMap<ServerId, number> = new Map();
  #pages: readonly (readonly ServerRecord[])[] = [];
  #all: readonly ServerRecord[] | undefined;

  constructor(entries?: Iterable<readonly [ServerId, ServerRecord]>) {
    if (entries) this.#fill(new Map(entries));
  }

  /** Changes of the one do not show in the other. */
  copy(): ServerRecords {
    const copied = new ServerRecords();
    copied.#positions = this.#positions;
    copied.#pages = this.#pages;
    copied.#all = this.#all;
    return copied;
  }

  has(id: ServerId): boolean {
    return this.#positions.has(id);
  }

  get(id: ServerId): ServerRecord | undefined {
    const place = this.#positions.get(id);
    return place === undefined
      ? undefined
      : this.#pages[Math.floor(place / pageLength)]?.[place % pageLength];
  }

  /** A record that is replaced keeps its place; a new one comes last, for which all are put in order anew. */
  set(id: ServerId, record: ServerRecord): void {
    const place = this.#positions.get(id);
    if (place === undefined) return this.#fill(new Map([...this, [id, record]]));
    const index = Math.floor(place / pageLength);
    const page = this.#pages[index] ?? [];
    this.#pages = this.#pages.with(index, page.with(place % pageLength, record));
    this.#all = undefined;
  }

  delete(id: ServerId): void {
    this.#fill(new Map([...this].filter(([each]) => each !== id)));
  }

  /** Frozen; the same object until something changes. Put together when somebody asks for the first time. */
  values(): readonly ServerRecord[] {
    // Dozens of times as fast as `flat`; a frozen array cannot be copied fast, so the pages are not.
    this.#all ??= Object.freeze(([] as ServerRecord[]).concat(...this.#pages));
    return this.#all;
  }

  *[Symbol.iterator](): Generator<readonly [ServerId, ServerRecord]> {
    const records = this.values();
    for (const [id, place] of this.#positions) {
      const record = records[place];
      if (record) yield [id, record];
    }
  }

  #fill(entries: ReadonlyMap<ServerId, ServerRecord>): void {
    const records = [...entries.values()];
    this.#positions = new Map([...entries.keys()].map((id, place) => [id, place]));
    this.#pages = Array.from({ length: Math.ceil(records.length / pageLength) }, (_, page) =>
      records.slice(page * pageLength, (page + 1) * pageLength),
    );
    this.#all = undefined;
  }
}

/** Puts the list of servers together when somebody reads it, which not everyone does who is told of a change. */
export class LazySnapshot implements Snapshot {
  readonly #records: ServerRecords;

  constructor(
    readonly version: number,
    readonly closed: boolean,
    records: ServerRecords,
  ) {
    this.#records = records;
    Object.freeze(this);
  }

  get servers(): readonly ServerRecord[] {
    return this.#records.values();
  }
}

/** One server in the registry. Never changed: a new state is a new record. */
export interface ServerRecord {
  readonly definition: ServerDefinition;
  readonly state: ServerState;
  /** Its definition is gone from the workspace, so the record goes too as soon as nothing of it runs. */
  readonly retired: boolean;
}

/** The registry at one moment. Never changed; the same version is the same object. */
export interface Snapshot {
  /** Grows with every change. */
  readonly version: number;
  /** Clean-up has begun; nothing starts any more. */
  readonly closed: boolean;
  readonly servers: readonly ServerRecord[];
}
