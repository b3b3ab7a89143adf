import type { Translator } from '../../core/common.js';
import { failuresByCause, type StartFailure } from '../../core/dependencies/groupFailures.js';
import type { OrderedStart, OrderedStartOptions } from '../../core/dependencies/orderedStart.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle } from '../../core/server/definition.js';
import { toServerError } from '../../core/server/errors.js';
import type { ServerId } from '../../core/server/identity.js';
import { notifyFailure } from '../notifications/failureNotifications.js';
import type { PortConflicts } from '../tcpPorts/portConflicts.js';
import type { PreferredServers } from '../tree/preferredServers.js';
import type { ServerTerminals } from '../terminals/serverTerminals.js';

export interface UserStartDeps {
  readonly registry: Registry;
  readonly starts: OrderedStart;
  readonly conflicts: Pick<PortConflicts, 'resolve'>;
  /** Without it a terminal is created when the user opens it. */
  readonly terminals?: Pick<ServerTerminals, 'ensure'>;
  /** Records which servers the user starts. */
  readonly preferred?: Pick<PreferredServers, 'addRecent'>;
  readonly l10n: Translator;
}

/**
 * Starts servers and their dependencies for the user, who resolves conflicts, gets a terminal for each server, and is
 * notified of failures once for each cause. Returns the servers that run.
 */
export async function startForUser(
  ids: readonly ServerId[],
  { registry, starts, conflicts, terminals, preferred, l10n }: UserStartDeps,
  options: Pick<OrderedStartOptions, 'startedBy'> = {},
): Promise<readonly ServerId[]> {
  const started = starts.startAll(ids, {
    ...options,
    resolveConflict: conflicts.resolve,
    onStarted: (id) => {
      const record = registry.find(id);
      if (record) terminals?.ensure(record);
    },
  });
  // Only after the start has begun, since nothing may run before it.
  if (!options.startedBy)
    await preferred?.addRecent(ids.flatMap((id) => registry.find(id)?.definition ?? []));
  const results = await started;
  const failures: StartFailure[] = [];
  const running: ServerId[] = [];
  for (const [index, result] of results.entries()) {
    const id = ids[index] ?? '';
    if (result.status === 'fulfilled' && result.value) running.push(id);
    if (result.status === 'rejected') {
      failures.push({ title: titleOf(id, registry), error: toServerError(result.reason, 'badRequest') });
    }
  }
  for (const error of failuresByCause(failures, l10n)) notifyFailure(error, l10n);
  return running;
}

function titleOf(id: ServerId, registry: Registry): string {
  const record = registry.find(id);
  return record ? serverTitle(record.definition) : id;
}
