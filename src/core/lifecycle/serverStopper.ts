import { toServerError } from '../server/errors.js';
import type { Outcome } from './outcome.js';
import type { ProcessHost, StopReport } from './processHost.js';
import type { Registry } from '../registry/registry.js';
import type { RunEvents } from './runEvents.js';
import type { ServerDefinition } from '../server/definition.js';
import type { RunEventMappingDeps } from './runEventMapping.js';
import type { RunId, ServerState } from '../server/state.js';
import type { CanStop, StopPolicy } from './stopGrace.js';
import type { StopPlan } from '../server/overrides.js';
import { notAllowedError, rootProcess, survivorsError } from './survivors.js';
import type { Logger } from '../common.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { ServerId } from '../server/identity.js';
import { plannedRestart, runIdOf } from '../server/stateQueries.js';

export interface ServerStopperDeps extends RunEventMappingDeps {
  readonly registry: Registry;
  readonly processes: ProcessHost;
  readonly stopPolicy: StopPolicy;
  readonly log: Logger;
  readonly runs: RunEvents;
}

/** Maximum grace of a clean-up, milliseconds: the editor gives all extensions together five seconds to end. */
const cleanupGraceMs = 2000;

/** Stops one server. The caller keeps other operations on the server from running at the same time. */
export class ServerStopper {
  #isGraceShortened = false;

  constructor(private readonly deps: ServerStopperDeps) {}

  /** Limits the grace of every stop from now on to that of clean-up. */
  shortenGrace(): void {
    this.#isGraceShortened = true;
  }

  /** Returns the signal and the grace of a stop now. */
  plan(definition: ServerDefinition): StopPlan {
    const { signal, graceMs } = this.deps.stopPolicy.plan(definition);
    return { signal, graceMs: this.#isGraceShortened ? Math.min(cleanupGraceMs, graceMs) : graceMs };
  }

  /** Cancels the start that a server in this state waits for, so that its stop need not wait too. */
  cancelStart(state: ServerState, canStop: CanStop = () => true): void {
    if (state.kind === 'reserved' && canStop(state)) this.deps.processes.cancelStart(state.runId);
  }

  /** As `Lifecycle.stop`. */
  async stop(id: ServerId, canStop: CanStop = () => true): Promise<Outcome> {
    const record = this.deps.registry.get(id);
    if (!canStop(record.state)) throw notAllowedError(record.definition);
    const runId = runIdOf(record.state);
    this.deps.restarts?.forget(id);
    if (record.state.kind === 'queued') await this.leaveQueue(id, record.state.runId);
    if (!runId || !(await this.#markStopping(record, runId))) {
      await this.cancelRestart(id);
      return { kind: 'notRunning' };
    }
    const report = await this.#stopProcesses(runId, record);
    if (report.survivors.length > 0) {
      await this.deps.runs.settle(runId, { kind: 'survived', runId, survivors: report.survivors });
      throw survivorsError(record.definition, report.survivors);
    }
    await this.deps.runs.settle(runId, { kind: 'verifiedDead', runId });
    return { kind: 'stopped', forced: report.forced, busyPorts: report.busyPorts };
  }

  /** Kills a server that is being stopped without waiting for the rest of its grace. The stop reports the end. */
  async kill(id: ServerId): Promise<void> {
    const record = this.deps.registry.find(id);
    if (record?.state.kind !== 'stopping') return;
    const { signal } = this.plan(record.definition);
    await this.deps.processes.stop({ runId: record.state.run.id, signal, graceMs: 0 });
  }

  /** Takes a waiting start out of the queue. */
  async leaveQueue(id: ServerId, runId: RunId): Promise<void> {
    // The waiting start may have left the queue itself, or the definition may be gone.
    await this.deps.registry.dispatch(id, { kind: 'leaveQueue', runId }).catch(() => undefined);
  }

  /** Cancels a planned restart. */
  async cancelRestart(id: ServerId): Promise<void> {
    const state = this.#stateOf(id);
    if (!state || !plannedRestart(state)) return;
    // If the definition disappears meanwhile, the planned restart is gone with it.
    await this.deps.registry.dispatch(id, { kind: 'cancelRestart' }).catch(() => undefined);
  }

  /** Returns `false` when the server has exited on its own meanwhile. */
  async #markStopping({ definition }: ServerRecord, runId: RunId): Promise<boolean> {
    const { id } = definition;
    const grace = { sinceTick: this.deps.clock.tick(), graceMs: this.plan(definition).graceMs };
    try {
      await this.deps.registry.dispatch(id, { kind: 'stop', runId, grace });
      return true;
    } catch (error) {
      const state = this.#stateOf(id);
      if (!state || runIdOf(state) !== runId) return false;
      throw error;
    }
  }

  /** Counts processes as alive unless they are verified dead, or gone with the process host. */
  async #stopProcesses(runId: RunId, record: ServerRecord): Promise<StopReport> {
    try {
      return await this.deps.processes.stop({ runId, ...this.plan(record.definition) });
    } catch (thrown) {
      const error = toServerError(thrown, 'badRequest');
      if (error.reason === 'hostLost') {
        await this.deps.runs.fail(runId, error);
        throw error;
      }
      this.deps.log.error(`${record.definition.id} could not be stopped`, error);
      const survivors = [rootProcess(record)];
      if (error.reason !== 'hostFrozen') return { forced: false, survivors, busyPorts: [] };
      // The process host may carry the stop out when it responds again, and then reports the end.
      await this.deps.runs.settle(runId, { kind: 'survived', runId, survivors });
      throw error;
    }
  }

  /** `undefined` when the server is no longer in the registry, and so has stopped. */
  #stateOf(id: ServerId): ServerRecord['state'] | undefined {
    return this.deps.registry.find(id)?.state;
  }
}
