import type { Disposable } from 'vscode';
import type { Registry } from '../../core/registry/registry.js';
import { type RunId } from '../../core/server/state.js';
import type { Logger, Timer } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import { openAddress } from '../openAddress.js';
import type { ServerId } from '../../core/server/identity.js';
import { endpointOf, runIdOf, startedBy, browserUrl } from '../../core/server/stateQueries.js';

/** Time to wait for a page if the first address does not serve one, milliseconds. */
const pageWaitMs = 3000;

export interface OpenWhenReadyDeps {
  readonly registry: Pick<Registry, 'find' | 'onDidChange'>;
  readonly timer: Timer;
  readonly log: Logger;
  /** When servers without `openWhenReady` are opened; `once` is the first time in this window. */
  readonly mode?: () => 'never' | 'once' | 'always';
  /** Wall clock, milliseconds since 1970; servers that an earlier window started before that time are open already. */
  readonly since?: number;
  readonly open?: (url: string) => Thenable<unknown>;
}

export interface ReadyOpener extends Disposable {
  /** Opens the server that runs now when it is ready. */
  openRun(id: ServerId): void;
}

/**
 * Opens the URL of servers with `openWhenReady` when they become ready, once for each start by the user: not after an
 * automatic start, and not again when the URL changes or the server recovers. A server of several processes may serve
 * its API before its page, so an address without a page is opened a little later, unless a page is found first.
 */
export function openWhenReady({
  registry,
  timer,
  log,
  mode = () => 'never',
  since = 0,
  open = openAddress,
}: OpenWhenReadyDeps): ReadyOpener {
  const requested = new Map<ServerId, RunId | undefined>();
  const opened = new Map<ServerId, RunId>();
  const waiting = new Map<ServerId, RunId>();
  const cancels = new Set<() => void>();
  const openNow = (id: ServerId, runId: RunId, url: string): void => {
    opened.set(id, runId);
    // Resolve the URL only now: in a remote window each call forwards the port anew.
    open(url).then(undefined, (error: unknown) => log.error(`${url} could not be opened`, error));
  };
  const openLater = (id: ServerId, runId: RunId): void => {
    if (waiting.get(id) === runId) return;
    waiting.set(id, runId);
    const cancel = timer.after(pageWaitMs, () => {
      cancels.delete(cancel);
      const record = registry.find(id);
      if (!record || runIdOf(record.state) !== runId || opened.get(id) === runId) return;
      const url = urlToOpen(record);
      if (url === undefined) waiting.delete(id);
      else openNow(id, runId, url);
    });
    cancels.add(cancel);
  };
  const openIfReady = (record: ServerRecord): void => {
    const { id } = record.definition;
    const runId = runIdOf(record.state);
    const url = urlToOpen(record);
    if (runId === undefined || url === undefined || opened.get(id) === runId) return;
    if (isFinal(record)) openNow(id, runId, url);
    else openLater(id, runId);
  };
  const isWanted = ({ definition: { id, openWhenReady: own }, state }: ServerRecord): boolean => {
    if (requested.has(id) && requested.get(id) === runIdOf(state)) return true;
    if ('run' in state && state.run.startedAt < since) return false;
    const wanted = mode();
    return own ?? (wanted === 'always' || (wanted === 'once' && !opened.has(id)));
  };
  const unsubscribe = registry.onDidChange(({ servers }) => {
    for (const record of servers) if (record.state.kind === 'ready' && isWanted(record)) openIfReady(record);
  });
  return {
    openRun: (id) => {
      const record = registry.find(id);
      if (!record) return;
      requested.set(id, runIdOf(record.state));
      openIfReady(record);
    },
    dispose: () => {
      unsubscribe();
      for (const cancel of cancels) cancel();
    },
  };
}

/** Returns the URL of a ready server that the user has started. */
function urlToOpen({ state }: ServerRecord): string | undefined {
  const isReadyForUser = state.kind === 'ready' && (startedBy(state)?.kind ?? 'user') === 'user';
  return isReadyForUser ? browserUrl(state) : undefined;
}

/** Returns whether this is the best address that can follow. */
function isFinal({ definition, state }: ServerRecord): boolean {
  return endpointOf(state)?.isPage === true || definition.url !== undefined;
}
