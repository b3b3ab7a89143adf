import { env, Uri, type Disposable } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import { type RunId } from '../../core/server/state.js';
import type { Logger } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerId } from '../../core/server/identity.js';
import { runIdOf, startedBy, browserUrl } from '../../core/server/stateQueries.js';

/**
 * Opens the addresses of servers that want it when they become ready, once for every start by a person: not again when
 * they were started by themselves, move or recover.
 */
export function openWhenReady(
  registry: Pick<Registry, 'current' | 'onDidChange'>,
  log: Logger,
  open: (url: string) => Thenable<unknown> = (url) => env.openExternal(Uri.parse(url, true)),
): Disposable {
  const opened = new Map<ServerId, RunId>();
  const look = (record: ServerRecord): void => {
    const { id } = record.definition;
    const runId = runIdOf(record.state);
    const url = browserUrl(record.state);
    if (runId === undefined || url === undefined || opened.get(id) === runId || !isWanted(record)) return;
    opened.set(id, runId);
    // At this moment only, since the address for a remote window is made anew each time.
    open(url).then(undefined, (error: unknown) => log.error(`${url} could not be opened`, error));
  };
  const dispose = registry.onDidChange(({ servers }) => {
    for (const record of servers) if (record.definition.openWhenReady === true) look(record);
  });
  return { dispose };
}

function isWanted({ state }: ServerRecord): boolean {
  return state.kind === 'ready' && (startedBy(state)?.kind ?? 'user') === 'user';
}
