import type { RunFacts } from '../../core/lifecycle/processHost.js';
import { findHeldHosts, type HeldHost, type HeldHosts } from '../ledger/heldHosts.js';
import type { Platform } from '../platform/platform.js';
import type { HeldServers, HostChannel } from './hostChannel.js';

export interface ServerHoldDeps {
  readonly channel: HostChannel;
  /** Folder of the ledger. */
  readonly folder: string;
  readonly platform: Platform;
  readonly windowId: () => string;
  /** Called when this window has taken over a process host, before `takeOver` resolves. */
  readonly onTakenOver: (host: HeldHost, runs: readonly RunFacts[]) => void;
}

/** Leaves the servers of this window to the next one, and takes over those of an earlier one. */
export class ServerHold {
  constructor(private readonly deps: ServerHoldDeps) {}

  /** Finds the process hosts that hold servers of a workspace without other folders than these. */
  find(workspace: readonly string[]): Promise<HeldHosts> {
    return findHeldHosts(workspace, this.deps.windowId(), this.deps);
  }

  /**
   * Takes over what a process host holds. Events and output wait for `resume`. Rejects when this window has a process host
   * already, or that one refuses.
   */
  async takeOver(host: HeldHost): Promise<HeldServers> {
    const held = await this.deps.channel.takeOver(host);
    this.deps.onTakenOver(host, held.runs);
    return held;
  }

  /** Passes on what happened since `takeOver`. */
  resume(): void {
    this.deps.channel.resume();
  }

  /** Keeps a text for the next window, or drops it. With `isReason` it is a reason to hold, though no server runs. */
  save(key: string, value: string | undefined, isReason: boolean): void {
    this.deps.channel.save(key, value, isReason);
  }

  /** Applies how to hold the servers from now on. */
  update(): void {
    this.deps.channel.updateHold();
  }

  /**
   * Leaves the servers to the next window. Resolves with the time until which they are held, for display, when that is on
   * record; with `undefined` when there is nothing to hold.
   */
  release(): Promise<number | undefined> {
    return this.deps.channel.release();
  }
}
