import type { DevServersApi } from '../api.js';
import type { Lazy } from './lazy.js';

/** The API before anything behind it is loaded. Only a listener asks for nothing: until then there are no changes. */
export function lazyApi(late: Pick<Lazy<DevServersApi>, 'get' | 'value'>): DevServersApi {
  return Object.freeze<DevServersApi>({
    version: 1,
    snapshot: async () => (await late.get()).snapshot(),
    onDidChange: (listener) => {
      let subscription: { dispose(): void } | undefined;
      let isOver = false;
      const subscribe = (api: DevServersApi): void => {
        if (!isOver) subscription = api.onDidChange(listener);
      };
      void late.value.then(subscribe);
      return {
        dispose: () => {
          isOver = true;
          subscription?.dispose();
        },
      };
    },
    start: async (id, options) => (await late.get()).start(id, options),
    stop: async (id, options) => (await late.get()).stop(id, options),
    restart: async (id, options) => (await late.get()).restart(id, options),
    logs: async (id, options) => (await late.get()).logs(id, options),
  });
}
