import type { Registry } from '../registry/registry.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { ServerId } from '../server/identity.js';
import { isActive } from '../server/stateQueries.js';
import type { ProcessHost } from './processHost.js';
import type { ServerStopper } from './serverStopper.js';
import { survivorsOf, type CleanupReport } from './survivors.js';

export interface WindowCloseCleanupDeps {
  readonly registry: Registry;
  readonly processes: Pick<ProcessHost, 'stop'>;
  readonly stopper: Pick<ServerStopper, 'shortenGrace' | 'plan' | 'cancelStart'>;
  /** Stops a server after the operations on it that were called earlier. */
  readonly stop: (id: ServerId) => Promise<unknown>;
}

/**
 * Stops every server when the window closes, pending starts included: no start is accepted from here on, and every stop
 * gets the grace of a clean-up. Resolves when every tree is verified dead or reported as a survivor.
 */
export async function stopEverything(deps: WindowCloseCleanupDeps): Promise<CleanupReport> {
  deps.stopper.shortenGrace();
  const { servers } = await deps.registry.close();
  await Promise.allSettled(
    servers.filter(({ state }) => isActive(state)).map((record) => stopServer(record, deps)),
  );
  return { survivors: (await deps.registry.snapshot()).servers.flatMap(survivorsOf) };
}

async function stopServer(
  { definition, state }: ServerRecord,
  { processes, stopper, stop }: WindowCloseCleanupDeps,
): Promise<void> {
  stopper.cancelStart(state);
  // A stop in progress may have a longer grace than clean-up allows.
  if (state.kind === 'stopping') {
    const request = { runId: state.run.id, ...stopper.plan(definition) };
    void processes.stop(request).catch(() => undefined);
  }
  await stop(definition.id);
}
