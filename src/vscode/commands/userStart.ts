import type { OrderedStart, SharedStartOptions } from '../../core/dependencies/orderedStart.js';
import { toServerError } from '../../core/server/errors.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle } from '../../core/server/definition.js';
import { failuresByCause, type StartFailure } from '../../core/dependencies/groupFailures.js';
import type { Starter } from '../../core/dependencies/startSession.js';
import { notifyFailure } from '../notifications/failureNotifications.js';
import type { PortConflicts } from '../tcpPorts/portConflicts.js';
import type { ServerTerminals } from '../terminals/serverTerminals.js';
import type { Translator } from '../../core/common.js';
import type { ServerId } from '../../core/server/identity.js';

export interface UserStartDeps {
  readonly registry: Registry;
  readonly starts: OrderedStart;
  readonly conflicts: Pick<PortConflicts, 'start' | 'resume'>;
  /** Without it, terminals are made when somebody wants to see them. */
  readonly terminals?: Pick<ServerTerminals, 'ensure'>;
  readonly l10n: Translator;
}

/**
 * Starts servers, and what they depend on, for a person: who is asked about taken ports, gets a terminal for each, and is
 * told what failed once for each cause. Returns those that run.
 */
export async function startForUser(
  ids: readonly ServerId[],
  ports: UserStartDeps,
  options: SharedStartOptions = {},
): Promise<readonly ServerId[]> {
  const results = await ports.starts.startAll(ids, options, askingStarter(ports));
  const failures: StartFailure[] = [];
  const running: ServerId[] = [];
  for (const [index, result] of results.entries()) {
    const id = ids[index] ?? '';
    if (result.status === 'fulfilled' && result.value) running.push(id);
    if (result.status === 'rejected') {
      failures.push({ title: titleOf(id, ports), error: toServerError(result.reason, 'badRequest') });
    }
  }
  for (const error of failuresByCause(failures, ports.l10n)) notifyFailure(error, ports.l10n);
  return running;
}

function askingStarter({ registry, conflicts, terminals }: UserStartDeps): Starter {
  const withTerminal = async <T>(id: ServerId, start: Promise<T>): Promise<T> => {
    const outcome = await start;
    const record = registry.find(id);
    if (outcome && record && record.state.kind !== 'queued') terminals?.ensure(record);
    return outcome;
  };
  return {
    start: async (id, options) => withTerminal(id, conflicts.start(registry.get(id).definition, options)),
    resume: async (id, runId, options) =>
      withTerminal(id, conflicts.resume(registry.get(id).definition, runId, options)),
  };
}

function titleOf(id: ServerId, { registry }: UserStartDeps): string {
  const record = registry.find(id);
  return record ? serverTitle(record.definition) : id;
}
