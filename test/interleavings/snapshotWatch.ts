import assert from 'node:assert/strict';
import type { Snapshot } from '../../src/core/registry/snapshot.js';
import { isActive } from '../../src/core/server/stateQueries.js';

/** Checks every published snapshot when it is read, and again at the end. */
export class SnapshotWatch {
  readonly #seen = new Map<number, { readonly snapshot: Snapshot; readonly text: string }>();
  #newest: Snapshot | undefined;
  #lastNotified = -1;

  constructor(private readonly limit: number) {}

  /** Checks a snapshot that was read. */
  see(snapshot: Snapshot): void {
    const { version } = snapshot;
    const known = this.#seen.get(version);
    if (known) {
      assert.equal(snapshot, known.snapshot, `version ${version} is two objects`);
      return;
    }
    this.#seen.set(version, { snapshot, text: JSON.stringify(snapshot) });
    this.#checkConsistent(snapshot);
  }

  /** Checks a snapshot that was read as the current one: it is never older than an earlier one. */
  seeCurrent(snapshot: Snapshot): void {
    this.see(snapshot);
    if (this.#newest) {
      assert.ok(snapshot.version >= this.#newest.version, 'the version of the current snapshot shrank');
      assert.ok(snapshot.closed || !this.#newest.closed, 'a closed registry opened again');
    }
    this.#newest = snapshot;
  }

  /** Checks a snapshot that a listener received: each version arrives once, in order. */
  seeNotified(snapshot: Snapshot): void {
    this.see(snapshot);
    assert.equal(
      this.#lastNotified === -1 || snapshot.version === this.#lastNotified + 1,
      true,
      'a change was told out of order',
    );
    this.#lastNotified = snapshot.version;
  }

  checkUnchanged(): void {
    for (const { snapshot, text } of this.#seen.values()) {
      assert.equal(JSON.stringify(snapshot), text, 'a snapshot changed after it was handed out');
    }
  }

  #checkConsistent({ servers }: Snapshot): void {
    const ids = servers.map(({ definition }) => definition.id);
    assert.equal(new Set(ids).size, ids.length, 'a server is listed twice');
    const active = servers.filter(({ state }) => isActive(state)).length;
    assert.ok(active <= this.limit, `${active} servers run where ${this.limit} are admitted`);
    const gone = servers.filter(({ retired, state }) => retired && !isActive(state));
    assert.deepEqual(gone, [], 'a server without definition is listed though it does not run');
  }
}
