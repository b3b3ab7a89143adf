import { env, Uri, type Disposable } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import { type RunId } from '../../core/server/state.js';
import type { Logger } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';
import { runIdOf, startedBy, urlOf } from '../../core/server/stateQueries.js';

/**
 * Opens the URL of each server with `openWhenReady` when it becomes ready, once for each start by the user: not after
 * an automatic start, and not again when the URL changes or the server recovers.
 */
export function openWhenReady(
  registry: Pick<Registry, 'current' | 'onDidChange'>,
  log: Logger,
  open: (url: string) => Thenable<unknown> = (url) => env.openExternal(Uri.parse(url, true)),
): Disposable {
  const opened = new Map<ServerId, RunId>();
  const openIfReady = (record: ServerRecord): void => {
    const { id } = record.definition;
    const runId = runIdOf(record.state);
    const url = urlOf(record.state);
    if (runId === undefined || url === undefined || opened.get(id) === runId || !isReadyForUser(record))
      return;
    opened.set(id, runId);
    // Resolve the URL only now: in a remote window each call forwards the port anew.
    open(url).then(undefined, (error: unknown) => log.error(`${url} could not be opened`, error));
  };
  const dispose = registry.onDidChange(({ servers }) => {
    for (const record of servers) if (record.definition.openWhenReady === true) openIfReady(record);
  });
  return { dispose };
}

function isReadyForUser({ state }: ServerRecord): boolean {
  return state.kind === 'ready' && (startedBy(state)?.kind ?? 'user') === 'user';
}
