import { ExtensionMode } from 'vscode';
import type { DevServersApi } from '../api.js';
import type { Lazy } from './lazy.js';

/**
 * Creates an API that loads the runtime on the first call. A listener does not load it: there are no changes before.
 */
export function lazyApi(runtime: Pick<Lazy<DevServersApi>, 'get' | 'value'>): DevServersApi {
  return Object.freeze<DevServersApi>({
    version: 1,
    snapshot: async () => (await runtime.get()).snapshot(),
    onDidChange: (listener) => {
      let subscription: { dispose(): void } | undefined;
      let isDisposed = false;
      const subscribe = (api: DevServersApi): void => {
        if (!isDisposed) subscription = api.onDidChange(listener);
      };
      void runtime.value.then(subscribe);
      return {
        dispose: () => {
          isDisposed = true;
          subscription?.dispose();
        },
      };
    },
    start: async (id, options) => (await runtime.get()).start(id, options),
    stop: async (id, options) => (await runtime.get()).stop(id, options),
    restart: async (id, options) => (await runtime.get()).restart(id, options),
    logs: async (id, options) => (await runtime.get()).logs(id, options),
  });
}

/** Adds `internals` to the API in windows that run the tests of the extension, and in no others. */
export function withTestHooks(
  api: DevServersApi,
  mode: ExtensionMode,
  internals: () => Promise<unknown>,
): DevServersApi & { readonly internals?: () => Promise<unknown> } {
  return mode === ExtensionMode.Test ? { ...api, internals } : api;
}
