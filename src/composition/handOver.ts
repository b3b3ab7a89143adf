import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../core/common.js';
import { restoreIdle, restoreRunning, type RestoreDeps } from '../core/handOver/restoreServers.js';
import { parseSavedServer, type SavedServer } from '../core/handOver/savedServer.js';
import { isServerKey, type WindowMemory } from '../core/handOver/windowMemory.js';
import type { HeldServers } from '../host/client/hostChannel.js';
import type { ServerHold } from '../host/client/serverHold.js';
import type { Registry } from '../core/registry/registry.js';

export interface HandOverDeps {
  readonly hold: ServerHold;
  readonly registry: Pick<Registry, 'close' | 'find'>;
  readonly restore: RestoreDeps;
  readonly memory: WindowMemory;
  /** Opens the terminals of an earlier window. */
  readonly restoreTerminals: (saved: string | undefined) => void;
  readonly terminalsKey: string;
  /** Resolves when the definitions of the workspace are known. */
  readonly whenScanned: () => Promise<void>;
  /** Returns the folders of this window; none while it is in Restricted Mode. */
  readonly workspace: () => readonly string[];
  /** Called at most once, when another version of the extension holds servers, which cannot be taken over. */
  readonly onOtherVersion: () => void;
  /** Returns the time since the editor activated the extension, milliseconds. */
  readonly msSinceActivation: () => number;
  readonly log: Logger;
}

/** Interval at which this window checks whether an earlier window has released its servers, milliseconds. */
const checkIntervalMs = 50;

/** Time for which the first use of the extension waits for an earlier window that still exists, milliseconds. */
const maxWaitMs = 1000;

/**
 * Time within which an earlier window releases its servers, milliseconds: the editor gives its extensions five seconds.
 */
const maxLeaveMs = 15_000;

/** Takes over the servers that an earlier window of the workspace left, and leaves those of this window to the next one. */
export class HandOver {
  #hasEnded = false;
  #hasSeenOtherVersion = false;

  constructor(private readonly deps: HandOverDeps) {}

  /**
   * Resolves when the servers of an earlier window are listed, or when there are none. If an earlier window does not
   * release its servers soon, this does not wait for them; they are taken over when it does. Never rejects.
   */
  async takeOver(): Promise<void> {
    try {
      if (await this.#takeOverWithin(maxWaitMs)) void this.#takeOverLater();
    } catch (error) {
      this.deps.log.error('The servers of an earlier window could not be taken over', error);
    }
  }

  /**
   * Leaves the servers to the next window. Resolves with `true` when the process host has recorded that it holds them and
   * until when; with `false` when it does not, so that this window has to end them.
   */
  async leave(): Promise<boolean> {
    const { registry, hold, log } = this.deps;
    this.#hasEnded = true;
    await registry.close();
    try {
      const heldUntil = await hold.release();
      if (heldUntil !== undefined)
        log.info(`The servers are held for the next window until ${new Date(heldUntil).toISOString()}.`);
      return heldUntil !== undefined;
    } catch (error) {
      log.error('The servers could not be left to the next window', error);
      return false;
    }
  }

  async #takeOverLater(): Promise<void> {
    await this.#takeOverWithin(maxLeaveMs).catch((error: unknown) =>
      this.deps.log.error('The servers of an earlier window could not be taken over', error),
    );
  }

  /** Resolves with whether an earlier window may still release its servers. */
  async #takeOverWithin(maxMs: number): Promise<boolean> {
    const { hold, workspace, log } = this.deps;
    for (let waitedMs = 0; !this.#hasEnded; waitedMs += checkIntervalMs) {
      const { held, hasOtherVersion, isPending } = await hold.find(workspace());
      if (hasOtherVersion) this.#noteOtherVersion();
      for (const host of held) {
        try {
          await this.#restore(await hold.takeOver(host));
          return false;
        } catch (error) {
          log.info(`Process host ${host.host.pid} was not taken over: ${String(error)}`);
        }
      }
      if (!isPending) return false;
      if (waitedMs >= maxMs) return true;
      await sleep(checkIntervalMs);
    }
    return false;
  }

  #noteOtherVersion(): void {
    if (this.#hasSeenOtherVersion) return;
    this.#hasSeenOtherVersion = true;
    this.deps.onOtherVersion();
  }

  async #restore({ runs, saved }: HeldServers): Promise<void> {
    const { restore, hold, log, registry, restoreTerminals, terminalsKey, msSinceActivation } = this.deps;
    const servers = saved.filter(({ key }) => isServerKey(key)).map(({ value }) => parseSavedServer(value));
    const known = servers.filter((server) => server !== undefined);
    const terminals = saved.find(({ key }) => key === terminalsKey)?.value;
    const listed = restoreRunning(known, runs, restore);
    // The events of the listed runs follow their restored states.
    const others = await listed.finally(() => hold.resume());
    const afterMs = Math.round(msSinceActivation());
    log.info(`Took over ${known.length - others.length} servers, listed ${afterMs} ms after the activation.`);
    const areListed = others.every(({ definition }) => registry.find(definition.id) !== undefined);
    if (areListed) restoreTerminals(terminals);
    void this.#complete(
      others,
      saved.map(({ key }) => key),
      areListed ? undefined : terminals,
    );
  }

  /** Restores what needs the definitions of the workspace. */
  async #complete(
    others: readonly SavedServer[],
    keys: readonly string[],
    terminals: string | undefined,
  ): Promise<void> {
    const { restore, memory, whenScanned, restoreTerminals, log } = this.deps;
    try {
      await whenScanned();
      // Leave to the next window the servers that this one has not restored.
      if (this.#hasEnded) return;
      await restoreIdle(others, restore);
      if (terminals !== undefined) restoreTerminals(terminals);
      memory.forgetOthers(keys);
    } catch (error) {
      log.error('Not all of an earlier window was restored', error);
    }
  }
}
