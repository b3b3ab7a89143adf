import type { RunFacts } from '../../core/lifecycle/processHost.js';
import type { RunId } from '../../core/server/state.js';
import type { HostEvent, HostMessage } from '../ipc/protocol.js';

interface History {
  readonly createdAt: number;
  spawned?: HostEvent;
  readiness?: HostEvent;
  pageErrors?: HostEvent;
  ended?: HostEvent;
}

/** Keeps the latest event of each kind for each run, for a window that takes the runs over. */
export class RunHistory {
  readonly #runs = new Map<RunId, History>();

  record(message: HostMessage): void {
    if (message.kind !== 'event') return;
    const { event } = message;
    const history = this.#of(event.runId);
    if (event.kind === 'spawned') history.spawned = event;
    else if (event.kind === 'ended') history.ended = event;
    else if (event.kind === 'pageErrors') history.pageErrors = event;
    // A window that takes the run over calls the stop again.
    else if (event.kind !== 'stopGrace') history.readiness = event;
  }

  factsOf(runId: RunId): RunFacts {
    const { createdAt, spawned, readiness, pageErrors, ended } = this.#of(runId);
    const events = [spawned, readiness, pageErrors, ended].filter((event) => event !== undefined);
    return { runId, ageMs: performance.now() - createdAt, events };
  }

  forget(runId: RunId): void {
    this.#runs.delete(runId);
  }

  #of(runId: RunId): History {
    const history: History = this.#runs.get(runId) ?? { createdAt: performance.now() };
    this.#runs.set(runId, history);
    return history;
  }
}
