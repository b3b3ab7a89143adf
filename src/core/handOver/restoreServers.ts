import type { Logger } from '../common.js';
import type { OrderedStart } from '../dependencies/orderedStart.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { ProcessHost, RunFacts } from '../lifecycle/processHost.js';
import type { Registry } from '../registry/registry.js';
import type { RestartPolicy } from '../restart/restartPolicy.js';
import { ServerError } from '../server/errors.js';
import { defaultStopPlan } from '../server/overrides.js';
import type { RunId } from '../server/state.js';
import { isIdle, runIdOf, startedBy } from '../server/stateQueries.js';
import type { AssignedPorts } from '../tcpPorts/assignedPorts.js';
import { isFresh, type SavedServer } from './savedServer.js';

export interface RestoreDeps {
  readonly registry: Pick<Registry, 'find' | 'restore'>;
  readonly lifecycle: Pick<Lifecycle, 'restore' | 'stop'>;
  readonly starts: Pick<OrderedStart, 'start'>;
  readonly processes: Pick<ProcessHost, 'stop'>;
  readonly ports: Pick<AssignedPorts, 'assign'>;
  readonly restarts: Pick<RestartPolicy, 'restore'>;
  readonly log: Logger;
}

/**
 * Restores the running servers in the state in which the earlier window left them, and applies the events since then.
 * Returns the others, which `restoreIdle` lists once the workspace has been scanned: until then their definitions are
 * not known.
 */
export async function restoreRunning(
  saved: readonly SavedServer[],
  runs: readonly RunFacts[],
  deps: RestoreDeps,
): Promise<readonly SavedServer[]> {
  const unclaimed = new Map(runs.map((facts) => [facts.runId, facts]));
  const others: SavedServer[] = [];
  const restored: Promise<void>[] = [];
  for (const server of saved) {
    const facts = unclaimed.get(runIdOf(server.state) ?? '');
    if (facts) {
      unclaimed.delete(facts.runId);
      restored.push(restoreRun(server, facts, deps));
    } else others.push(server);
  }
  await Promise.all(restored);
  for (const { runId, events } of unclaimed.values())
    if (!events.some(({ kind }) => kind === 'ended')) stopUnknown(runId, deps);
  return others;
}

async function restoreRun(server: SavedServer, facts: RunFacts, deps: RestoreDeps): Promise<void> {
  const { lifecycle, log } = deps;
  const { id } = server.definition;
  try {
    restoreFacts(server, deps);
    const restored = lifecycle.restore({ ...server, facts });
    // It is in the registry before the start or the stop is over.
    const isListed = Promise.race([restored.listed, restored.outcome]);
    void restored.outcome.catch((error: unknown) => log.error(`${id} was not restored`, error));
    await isListed;
    if (server.state.kind !== 'stopping') return;
    lifecycle.stop(id).catch((error: unknown) => log.error(`${id} could not be stopped`, error));
  } catch {
    // If this window has started the server itself in the meantime, that run takes precedence. A window that is closing
    // leaves the run to the next one.
    const state = deps.registry.find(id)?.state;
    if (state && !isIdle(state) && runIdOf(state) !== facts.runId) stopUnknown(facts.runId, deps);
  }
}

/**
 * Restores planned restarts and ends, and starts the servers that were queued or reserved. Call it when the workspace
 * has been scanned.
 */
export async function restoreIdle(saved: readonly SavedServer[], deps: RestoreDeps): Promise<void> {
  await Promise.all(
    saved.map((server) =>
      restoreServer(server, deps).catch((error: unknown) =>
        deps.log.error(`${server.definition.id} was not restored`, error),
      ),
    ),
  );
}

async function restoreServer(server: SavedServer, deps: RestoreDeps): Promise<void> {
  const { definition, state } = server;
  const record = deps.registry.find(definition.id);
  if (!record || !isFresh(record)) return;
  if (isIdle(state)) {
    restoreFacts(server, deps);
    await deps.registry.restore(definition, state);
  } else if (state.kind === 'queued' || state.kind === 'reserved') {
    const by = startedBy(state);
    // Not awaited, since the start may wait long for its dependencies.
    deps.starts.start(definition.id, by ? { startedBy: by } : {}).catch((error: unknown) => {
      if (!isCancelled(error)) deps.log.error(`${definition.id} was not started again`, error);
    });
  }
}

/** Returns whether a start did not happen because the server was stopped, or because the next window is to start it. */
const isCancelled = (error: unknown): boolean =>
  error instanceof ServerError && (error.reason === 'cancelled' || error.reason === 'closed');

function restoreFacts({ definition: { id }, port, restarts }: SavedServer, deps: RestoreDeps): void {
  deps.ports.assign(id, port);
  if (restarts) deps.restarts.restore(id, restarts);
}

function stopUnknown(runId: RunId, { processes, log }: RestoreDeps): void {
  processes
    .stop({ runId, ...defaultStopPlan })
    .catch((error: unknown) => log.error(`Run ${runId} could not be stopped`, error));
}
