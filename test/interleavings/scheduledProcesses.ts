import type { Scheduler } from 'fast-check';
import { ServerError } from '../../src/core/server/errors.js';
import type {
  ProcessEvent,
  ProcessHost,
  StartRequest,
  StopReport,
  StopRequest,
} from '../../src/core/lifecycle/processHost.js';
import type { ExitStatus, RunId } from '../../src/core/server/state.js';
import { isAlive, SimulatedHost, type Faults, type Tree } from './processHost.js';

export interface ScheduledProcessesDeps {
  readonly scheduler: Scheduler;
  onStart(request: StartRequest): void;
  onSpawn(runId: RunId): void;
  onEvent(event: ProcessEvent): void;
  /** Called when a stop failed, so that the state of the run is unknown. */
  onStopRefused(runId: RunId): void;
}

/** A `ProcessHost` over a simulated host, which it starts on demand, and again after a loss. */
export class ScheduledProcesses implements ProcessHost {
  readonly faults: Faults = { spawnFails: undefined, stopFails: false, survivor: undefined };
  readonly #listeners = new Set<(event: ProcessEvent) => void>();
  readonly #pending = new Set<(error: ServerError) => void>();
  #host: SimulatedHost | undefined;
  #pid = 100;

  constructor(private readonly deps: ScheduledProcessesDeps) {}

  /** Trees with a live process, whether or not the registry knows them. */
  get alive(): readonly Tree[] {
    return (this.#host?.trees ?? []).filter((tree) => isAlive(tree));
  }

  get isQuiet(): boolean {
    return this.#host?.isQuiet ?? true;
  }

  start(request: StartRequest): Promise<void> {
    this.deps.onStart(request);
    this.#host ??= new SimulatedHost(
      {
        scheduler: this.deps.scheduler,
        faults: this.faults,
        onSpawn: (runId) => this.deps.onSpawn(runId),
        emit: (event) => this.#emit(event),
      },
      () => (this.#pid += 2),
    );
    const host = this.#host;
    return this.#answer((done, refused) => host.start(request, done, refused));
  }

  /** Rejects: these schedules take over nothing. */
  join(): Promise<void> {
    return Promise.reject(new ServerError('badRequest', 'Nothing is taken over here.'));
  }

  /** Rejects: these schedules contain no orphans of other windows. */
  adopt(): Promise<void> {
    return Promise.reject(new ServerError('badRequest', 'Nothing is adopted here.'));
  }

  cancelStart(runId: RunId): void {
    this.#host?.cancelStart(runId);
  }

  stop({ runId }: StopRequest): Promise<StopReport> {
    const host = this.#host;
    if (!host) return Promise.reject(new ServerError('hostLost', 'The process host is not running.'));
    return this.#answer((done, refused) =>
      host.stop(runId, done, (error) => {
        this.deps.onStopRefused(runId);
        refused(error);
      }),
    );
  }

  onEvent(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  exit(runId: RunId, status: ExitStatus, interrupted: boolean): void {
    this.#host?.exit(runId, status, interrupted);
  }

  listen(runId: RunId, url: string): void {
    this.#host?.listen(runId, url);
  }

  failReadiness(runId: RunId): void {
    this.#host?.failReadiness(runId);
  }

  /** Ends the host: rejects its pending requests, then reports the loss. */
  lose(): void {
    if (!this.#host) return;
    this.#host.lose();
    this.#host = undefined;
    const message = 'The process host was lost.';
    for (const refuse of this.#pending) refuse(new ServerError('hostLost', message));
    this.#emit({ kind: 'hostLost', message });
  }

  #answer<T>(ask: (done: (value: T) => void, refused: (error: ServerError) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const refused = (error: ServerError): void => {
        this.#pending.delete(refused);
        reject(error);
      };
      this.#pending.add(refused);
      ask((value) => {
        this.#pending.delete(refused);
        resolve(value);
      }, refused);
    });
  }

  #emit(event: ProcessEvent): void {
    this.deps.onEvent(event);
    for (const listener of this.#listeners) listener(event);
  }
}
