import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { CanStop } from '../lifecycle/stopGrace.js';
import type { Outcome } from '../lifecycle/outcome.js';
import type { StartOptions } from '../registry/admission.js';
import type { Registry } from '../registry/registry.js';
import { PortInUseError } from '../server/errors.js';
import type { ServerId } from '../server/identity.js';
import type { OtherWindows } from '../server/otherWindows.js';
import type { Origin } from '../server/origin.js';
import type { RunId } from '../server/state.js';
import { isIdle } from '../server/stateQueries.js';
import type { Conflict, Resolution, ResolveConflict } from '../tcpPorts/portConflict.js';
import type { PortInspector } from '../tcpPorts/portUse.js';

export interface ResolvedStartDeps {
  readonly registry: Registry;
  readonly lifecycle: Pick<Lifecycle, 'start' | 'stop' | 'resume' | 'restart' | 'chosenPort'>;
  readonly otherWindows: Pick<OtherWindows, 'find'>;
  readonly inspector: Pick<PortInspector, 'inspectPort'>;
}

/**
 * Starts one server and resolves the conflicts that occur. Every operation resolves with `undefined` when the start was
 * given up. It rejects with the errors of the same operation of `Lifecycle`, or with the resolver's own error.
 */
export class ResolvedStart {
  /** Without `resolve` nothing is asked: a start fails with `portInUse`, and other windows do not matter. */
  constructor(
    private readonly deps: ResolvedStartDeps,
    private readonly resolve?: ResolveConflict,
  ) {}

  /** As `Lifecycle.start`, after a check that no other window runs the server. */
  async start(id: ServerId, options: StartOptions): Promise<Outcome | undefined> {
    const elsewhere = this.resolve && (await this.#resolveElsewhere(id, options, this.resolve));
    if (elsewhere?.kind === 'giveUp') return undefined;
    return this.startHere(id, elsewhere?.kind === 'start' ? { ...options, ...elsewhere.options } : options);
  }

  /** As `Lifecycle.start`, regardless of the servers in other windows. */
  startHere(id: ServerId, options: StartOptions): Promise<Outcome | undefined> {
    return this.#attempt(id, options, () => this.deps.lifecycle.start(id, options));
  }

  /**
   * Like `Lifecycle.resume`. A start that meets a conflict has left the queue, and enters it again once the conflict is
   * resolved.
   */
  resume(id: ServerId, runId: RunId, options: StartOptions): Promise<Outcome | undefined> {
    const again = { ...options, afterDependencies: true, ...this.#chosenPort(id) };
    return this.#attempt(id, again, () => this.deps.lifecycle.resume(id, runId));
  }

  /** As `Lifecycle.restart`. */
  restart(id: ServerId, by?: Origin, canStop?: CanStop): Promise<Outcome | undefined> {
    const options = { ...(by && { startedBy: by }), ...this.#chosenPort(id) };
    return this.#attempt(id, options, () => this.deps.lifecycle.restart(id, by, canStop));
  }

  async #resolveElsewhere(
    id: ServerId,
    options: StartOptions,
    resolve: ResolveConflict,
  ): Promise<Resolution | undefined> {
    const { definition, state } = this.deps.registry.get(id);
    const run = isIdle(state) ? await this.deps.otherWindows.find(definition) : undefined;
    return run && resolve({ definition, options, conflict: { kind: 'runsElsewhere', definition, run } });
  }

  /** Resolves one conflict after the other until the port is free, or the start fails or is given up. */
  async #attempt(
    id: ServerId,
    options: StartOptions,
    operation: () => Promise<Outcome>,
  ): Promise<Outcome | undefined> {
    try {
      return await operation();
    } catch (error) {
      const resolution = await this.#resolvePort(id, options, error);
      if (resolution.kind === 'giveUp') return undefined;
      if (resolution.kind === 'proceed') throw error;
      return this.startHere(id, { ...options, ...resolution.options });
    }
  }

  async #resolvePort(id: ServerId, options: StartOptions, error: unknown): Promise<Resolution> {
    const definition = this.deps.registry.find(id)?.definition;
    if (!this.resolve || !(error instanceof PortInUseError) || !definition) return { kind: 'proceed' };
    const conflict = await this.#portConflict(error.port);
    // The port has become free in the meantime, so there is no conflict to resolve.
    if (conflict === 'gone') return { kind: 'start', options };
    return conflict ? this.resolve({ definition, options, conflict }) : { kind: 'proceed' };
  }

  /**
   * Returns `undefined` when the port cannot be inspected: the error of the start is then more useful than that of the
   * inspection.
   */
  async #portConflict(port: number): Promise<Conflict | 'gone' | undefined> {
    const use = await this.deps.inspector.inspectPort(port).catch(() => undefined);
    if (use?.kind === 'free') return 'gone';
    return use && { kind: 'portHeld', port, use };
  }

  #chosenPort(id: ServerId): StartOptions {
    const port = this.deps.lifecycle.chosenPort(id);
    return port === undefined ? {} : { port };
  }
}
