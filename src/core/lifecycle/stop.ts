import { toServerError } from '../server/errors.js';
import type { Outcome } from './outcome.js';
import type { ProcessHost, StopReport } from './processHost.js';
import type { Registry } from '../registry/registry.js';
import type { RunEvents } from './runEvents.js';
import type { ServerDefinition } from '../server/definition.js';
import type { RunEventMappingDeps } from './runEventMapping.js';
import { type RunId } from '../server/state.js';
import type { CanStop, StopPlan, StopPolicy } from './stopPolicy.js';
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

/** The longest polite wait of a clean-up: the editor gives all extensions together five seconds to end. */
const cleanupGraceMs = 2000;

/** What a stop does to one server. Whoever calls keeps other operations on the server away meanwhile. */
export class ServerStopper {
  #isGraceShortened = false;

  constructor(private readonly deps: ServerStopperDeps) {}

  /** From here on there is not much time. */
  shortenGrace(): void {
    this.#isGraceShortened = true;
  }

  /** How the server is asked to end now. */
  plan(definition: ServerDefinition): StopPlan {
    const { signal, graceMs } = this.deps.stopPolicy.plan(definition);
    return { signal, graceMs: this.#isGraceShortened ? Math.min(cleanupGraceMs, graceMs) : graceMs };
  }

  /** As `Lifecycle.stop`. */
  async stop(id: ServerId, mayEnd: CanStop = () => true): Promise<Outcome> {
    const record = this.deps.registry.get(id);
    if (!mayEnd(record.state)) throw notAllowedError(record.definition);
    const runId = runIdOf(record.state);
    this.deps.restarts?.forget(id);
    if (record.state.kind === 'queued') await this.leaveQueue(id, record.state.runId);
    if (!runId || !(await this.#begin(id, runId))) {
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

  /** Nothing waits any more to start this run. */
  async leaveQueue(id: ServerId, runId: RunId): Promise<void> {
    // Whoever waited may have left by itself, or the definition may be gone.
    await this.deps.registry.dispatch(id, { kind: 'leaveQueue', runId }).catch(() => undefined);
  }

  /** The server is not started again by itself. */
  async cancelRestart(id: ServerId): Promise<void> {
    const state = this.#stateOf(id);
    if (!state || !plannedRestart(state)) return;
    // Should the definition be gone before this is done, the restart is gone with it.
    await this.deps.registry.dispatch(id, { kind: 'cancelRestart' }).catch(() => undefined);
  }

  /** False when the server ended by itself in the meantime. */
  async #begin(id: ServerId, runId: RunId): Promise<boolean> {
    try {
      await this.deps.registry.dispatch(id, { kind: 'stop', runId });
      return true;
    } catch (error) {
      const state = this.#stateOf(id);
      if (!state || runIdOf(state) !== runId) return false;
      throw error;
    }
  }

  /** What was not verified dead counts as alive, unless it is gone with its host. */
  async #stopProcesses(runId: RunId, record: ServerRecord): Promise<StopReport> {
    try {
      return await this.deps.processes.stop({ runId, ...this.plan(record.definition) });
    } catch (thrown) {
      const error = toServerError(thrown, 'badRequest');
      if (error.reason !== 'hostLost') {
        this.deps.log.error(`${record.definition.id} could not be stopped`, error);
        return { forced: false, survivors: [rootProcess(record)], busyPorts: [] };
      }
      await this.deps.runs.fail(runId, error);
      throw error;
    }
  }

  /** `undefined` when the server is gone from the registry, and so has stopped. */
  #stateOf(id: ServerId): ServerRecord['state'] | undefined {
    return this.deps.registry.find(id)?.state;
  }
}
