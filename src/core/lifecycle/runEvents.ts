import { ServerError, toServerError } from '../server/errors.js';
import type { ProcessEvent } from './processHost.js';
import type { Registry } from '../registry/registry.js';
import { toServerEvent, type RunEventMappingDeps } from './runEventMapping.js';
import { type RunId, type ServerEvent } from '../server/state.js';
import type { Logger } from '../common.js';
import type { ServerId } from '../server/identity.js';
import { runIdOf } from '../server/stateQueries.js';

export interface RunEventsDeps extends RunEventMappingDeps {
  readonly registry: Registry;
  readonly log: Logger;
}

/** Dispatches the events of runs to the servers that they belong to. */
export class RunEvents {
  readonly #serverOfRun = new Map<RunId, ServerId>();

  constructor(private readonly deps: RunEventsDeps) {}

  /** Assigns the run to a server: later events of the run are the server's. */
  track(runId: RunId, id: ServerId): void {
    this.#serverOfRun.set(runId, id);
  }

  handle(event: ProcessEvent): void {
    if (event.kind === 'hostLost') {
      const error = new ServerError('hostLost', event.message);
      for (const runId of this.#serverOfRun.keys()) void this.fail(runId, error);
      return;
    }
    const record = this.deps.registry.find(this.#serverOfRun.get(event.runId) ?? '');
    void this.settle(event.runId, toServerEvent(event, record, this.deps));
  }

  /** Records why a start or a run is over. */
  fail(runId: RunId, { reason, text }: ServerError): Promise<void> {
    if (reason === 'cancelled') return this.settle(runId, { kind: 'startCancelled', runId });
    return this.settle(runId, { kind: 'failed', runId, reason, message: text, at: this.deps.clock.now() });
  }

  /** Dispatches an event of a run. An event that arrives after the end of the run is only logged. */
  async settle(runId: RunId, event: ServerEvent): Promise<void> {
    const id = this.#serverOfRun.get(runId);
    if (id === undefined) return;
    try {
      await this.deps.registry.dispatch(id, event);
    } catch (error) {
      this.deps.log.info(`${id}: ${toServerError(error, 'illegalEvent').message}`);
    }
    const state = this.deps.registry.find(id)?.state;
    if (!state || runIdOf(state) !== runId) this.#serverOfRun.delete(runId);
  }
}
