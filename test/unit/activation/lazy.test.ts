import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { DevServer, DevServersApi } from '../../../src/api.js';
import { Lazy } from '../../../src/activation/lazy.js';
import { lazyApi } from '../../../src/activation/lazyApi.js';

/** A listener of the API behind the late one. */
type Listener = (servers: readonly DevServer[]) => void;

describe('A lazy part', () => {
  it('is created once, by the first caller', async () => {
    let made = 0;
    const late = new Lazy(() => Promise.resolve({ number: ++made }));
    assert.deepEqual([made, late.peek], [0, undefined]);
    const parts = await Promise.all([late.get(), late.get(), late.value, late.peek]);
    assert.deepEqual([made, new Set(parts).size], [1, 1]);
  });

  it('is created by the next caller if it could not be created', async () => {
    let attempts = 0;
    const late = new Lazy(() => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(new Error('EMFILE')) : Promise.resolve('made');
    });
    const first = await Promise.allSettled([late.get(), late.get()]);
    assert.deepEqual(
      [first.map(({ status }) => status), late.peek, await late.get(), await late.value, attempts],
      [['rejected', 'rejected'], undefined, 'made', 'made', 2],
    );
  });

  it('rejects for all callers with the reason why it cannot be created', async () => {
    const late = new Lazy(() => Promise.reject(new Error('no such file')));
    await assert.rejects(late.get(), /no such file/u);
    await assert.rejects(late.get(), /no such file/u);
  });
});

describe('The API before anything is loaded', () => {
  function world() {
    const listeners = new Set<Listener>();
    const calls: unknown[] = [];
    const answer = { id: 'shop:dev' } as DevServer;
    const note =
      <Answer>(name: string, result: Answer) =>
      (...values: unknown[]): Promise<Answer> => {
        calls.push([name, ...values]);
        return Promise.resolve(result);
      };
    const behind: DevServersApi = {
      version: 1,
      snapshot: note('snapshot', [answer]),
      onDidChange: (listener) => {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
      start: note('start', answer),
      stop: note('stop', answer),
      restart: note('restart', answer),
      logs: note('logs', undefined),
    };
    const late = new Lazy(() => {
      calls.push('loaded');
      return Promise.resolve(behind);
    });
    const tell = (): void => {
      for (const listener of listeners) listener([answer]);
    };
    return { api: lazyApi(late), calls, tell, listeners };
  }

  it('loads it with the first call and forwards everything', async () => {
    const { api, calls } = world();
    const by = { by: 'Test' };
    const answers = [
      await api.snapshot(),
      await api.start('a', by),
      await api.stop('b', by),
      await api.restart('c', by),
      await api.logs('d', { lines: 3 }),
    ];
    const server = { id: 'shop:dev' };
    assert.deepEqual(answers, [[server], server, server, server, undefined]);
    assert.deepEqual(calls, [
      'loaded',
      ['snapshot'],
      ['start', 'a', by],
      ['stop', 'b', by],
      ['restart', 'c', by],
      ['logs', 'd', { lines: 3 }],
    ]);
  });

  it('loads nothing for a listener, which is notified once something else has loaded it', async () => {
    const { api, calls, tell } = world();
    const heard: string[] = [];
    const subscription = api.onDidChange((servers) => heard.push(...servers.map(({ id }) => id)));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(calls, []);
    await api.snapshot();
    tell();
    assert.deepEqual(heard, ['shop:dev']);
    subscription.dispose();
    tell();
    assert.deepEqual(heard, ['shop:dev']);
  });

  it('forgets a listener that was disposed of before', async () => {
    const { api, listeners } = world();
    api.onDidChange(() => undefined).dispose();
    await api.snapshot();
    assert.equal(listeners.size, 0);
  });
});
