import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { Outcome } from '../lifecycle/outcome.js';
import { StartSession, type Starter, type StartSessionDeps } from './startSession.js';
import type { StartOptions } from '../registry/admission.js';
import type { ServerId } from '../server/identity.js';

export interface OrderedStartDeps extends StartSessionDeps {
  readonly lifecycle: Pick<Lifecycle, 'start' | 'resume'>;
}

/** What holds for every server of a start, also for those that are started since others depend on them. */
export type SharedStartOptions = Omit<StartOptions, 'port' | 'afterDependencies'>;

/**
 * Starts servers after those that they depend on, which are started too where they do not run: each as soon as what it
 * needs is ready, and independent ones side by side. Everybody who starts servers for somebody comes here.
 */
export class OrderedStart {
  constructor(private readonly ports: OrderedStartDeps) {}

  /**
   * Resolves when the process of the server exists, or at once when it runs already; `undefined` when a person was asked
   * on the way and left it at that. Throws what `Lifecycle.start` throws, `dependencyCycle` and `unknownServer` for
   * dependencies that cannot be, `dependencyFailed` when one of them fails first, and `cancelled` when somebody stopped the
   * server while it waited.
   */
  async start(
    id: ServerId,
    options: SharedStartOptions = {},
    starter: Starter = this.ports.lifecycle,
  ): Promise<Outcome | undefined> {
    const [start] = new StartSession(this.ports, starter, options).startAll([id]);
    return start;
  }

  /** As `start` for each of them, with what they have in common started once. The results are in the order of the ids. */
  startAll(
    ids: readonly ServerId[],
    options: SharedStartOptions = {},
    starter: Starter = this.ports.lifecycle,
  ): Promise<PromiseSettledResult<Outcome | undefined>[]> {
    return Promise.allSettled(new StartSession(this.ports, starter, options).startAll(ids));
  }
}
