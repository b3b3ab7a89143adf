import assert from 'node:assert/strict';
import type { OrderedStartDeps } from '../../../../src/core/dependencies/orderedStart.js';
import type { Outcome } from '../../../../src/core/lifecycle/outcome.js';
import type { ProcessEvent } from '../../../../src/core/lifecycle/processHost.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { stateText } from '../../../../src/core/views/stateText.js';
import { ServerError } from '../../../../src/core/server/errors.js';
import {
  definition,
  endpoint,
  english,
  orderedStart,
  world,
  type World,
  type WorldOptions,
} from '../support/fakes.js';

/** Servers of the folder `shop`, each with those that it depends on. */
async function shop(
  needs: Readonly<Record<string, readonly string[]>>,
  options: WorldOptions = {},
): Promise<World> {
  const made = await world(options);
  await made.registry.define(defined(needs));
  return made;
}

function defined(needs: Readonly<Record<string, readonly string[]>>): ServerDefinition[] {
  return Object.entries(needs).map(([id, dependsOn]) => definition(id, { dependsOn, source: 'settings' }));
}

/** The operations of a lifecycle, of which a test replaces some. */
function operationsOf(lifecycle: World['lifecycle']): OrderedStartDeps['lifecycle'] {
  return {
    start: (id, options) => lifecycle.start(id, options),
    resume: (id, runId) => lifecycle.resume(id, runId),
    restart: (id, by, canStop) => lifecycle.restart(id, by, canStop),
    chosenPort: (id) => lifecycle.chosenPort(id),
  };
}

/** Lets everything happen that waits for nobody. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Something happens to the running process of a server. */
async function tell({ processes }: World, id: string, event: (runId: string) => ProcessEvent): Promise<void> {
  const runId = [...processes.alive.keys()].find((each) => each.startsWith(`${id}-`));
  assert.ok(runId !== undefined, `${id} does not live`);
  const happened = event(runId);
  if (happened.kind === 'ended') processes.alive.delete(runId);
  processes.tell(happened);
  await settled();
}

const becomesReady = (made: World, id: string): Promise<void> =>
  tell(made, id, (runId) => ({ kind: 'ready', runId, endpoint: endpoint('http://localhost:1/') }));

const ends = (made: World, id: string, code: number): Promise<void> =>
  tell(made, id, (runId) => ({
    kind: 'ended',
    runId,
    exit: { kind: 'code', code },
    interrupted: false,
    tail: [],
    survivors: [],
  }));

const isNeverReady = (made: World, id: string): Promise<void> =>
  tell(made, id, (runId) => ({
    kind: 'unhealthy',
    runId,
    problem: { kind: 'timeout', seconds: 60, attempts: [] },
    endpoint: undefined,
  }));

/** What became of a start: the outcome, or the reason and the message. */
function told(start: Promise<Outcome | undefined>): Promise<string> {
  return start.then(
    (outcome) => outcome?.kind ?? 'declined',
    ({ reason, message }: ServerError) => `${reason}: ${message}`,
  );
}

/** `web: waiting for api` for every server. */
function words({ registry }: World): string[] {
  return registry.current.servers.map(
    ({ definition: { id }, state }) => `${id}: ${stateText(state, english) || 'stopped'}`,
  );
}

describe('a start with dependencies', () => {
  it('starts each server when what it needs is ready, and independent ones side by side', async () => {
    const made = await shop({ web: ['api', 'auth'], api: ['db'], auth: [], db: [] });
    const start = told(made.dependencyStart.start('web'));
    await settled();
    const first = words(made);
    await becomesReady(made, 'db');
    const second = words(made);
    await becomesReady(made, 'auth');
    await becomesReady(made, 'api');
    assert.deepEqual(
      [first, second, words(made), await start],
      [
        ['web: waiting for api and 1 more', 'api: waiting for db', 'auth: starting…', 'db: starting…'],
        ['web: waiting for api and 1 more', 'api: starting…', 'auth: starting…', 'db: ready'],
        ['web: starting…', 'api: ready', 'auth: ready', 'db: ready'],
        'started',
      ],
    );
    assert.deepEqual(made.processes.calls, ['start db', 'start auth', 'start api', 'start web']);
  });

  it('uses a dependency that is ready, and waits for one that starts', async () => {
    const made = await shop({ web: ['api'], docs: ['api'], api: [] });
    await made.lifecycle.start('api');
    const web = told(made.dependencyStart.start('web'));
    await settled();
    assert.deepEqual(words(made)[0], 'web: waiting for api');
    await becomesReady(made, 'api');
    assert.deepEqual([await web, await told(made.dependencyStart.start('docs'))], ['started', 'started']);
    assert.deepEqual(made.processes.calls, ['start api', 'start web', 'start docs']);
  });

  it('starts nothing for what a running dependency needs', async () => {
    const made = await shop({ web: ['api'], api: ['db'], db: [] });
    await made.lifecycle.start('api');
    await becomesReady(made, 'api');
    assert.equal(await told(made.dependencyStart.start('web')), 'started');
    assert.deepEqual(made.processes.calls, ['start api', 'start web']);
  });

  it('answers at once for a server that runs', async () => {
    const made = await shop({ web: ['api'], api: [] });
    await made.lifecycle.start('web');
    assert.equal(await told(made.dependencyStart.start('web')), 'alreadyRunning');
    assert.deepEqual(words(made), ['web: starting…', 'api: stopped']);
  });

  it('joins a start that waits', async () => {
    const made = await shop({ web: ['api'], api: [] });
    const starts = [told(made.dependencyStart.start('web'))];
    await settled();
    starts.push(told(made.dependencyStart.start('web')));
    await settled();
    await becomesReady(made, 'api');
    assert.deepEqual(await Promise.all(starts), ['started', 'started']);
    assert.deepEqual(made.processes.calls, ['start api', 'start web']);
  });

  it('starts a group with what it needs from outside, each server once', async () => {
    const made = await shop({ web: ['api'], worker: ['api'], api: ['db'], db: [], docs: [] });
    const results = made.dependencyStart.startAll(['web', 'worker']);
    await settled();
    await becomesReady(made, 'db');
    await becomesReady(made, 'api');
    assert.deepEqual(
      (await results).map(({ status }) => status),
      ['fulfilled', 'fulfilled'],
    );
    assert.deepEqual(made.processes.calls, ['start db', 'start api', 'start web', 'start worker']);
  });

  it('counts what waits not as running, for the most that may run', async () => {
    const made = await shop({ web: ['api'], api: [], docs: [] }, { maxServers: 2 });
    const web = told(made.dependencyStart.start('web'));
    await settled();
    assert.equal(await told(made.dependencyStart.start('docs')), 'started');
    await becomesReady(made, 'api');
    assert.equal(await web, 'limit: web: too many');
    assert.deepEqual(words(made), ['web: stopped', 'api: ready', 'docs: starting…']);
  });

  it('keeps the port that was chosen when the start came to wait', async () => {
    const made = await world();
    await made.registry.define([definition('web', { dependsOn: ['api'], port: 3000 }), definition('api')]);
    const { lifecycle, registry } = made;
    const starts = orderedStart(registry, {
      ...operationsOf(lifecycle),
      start: (id, options) => lifecycle.start(id, id === 'web' ? { ...options, port: 4000 } : options),
    });
    const start = starts.start('web');
    await settled();
    await becomesReady(made, 'api');
    await start;
    assert.deepEqual(
      [...made.processes.alive.values()].map(({ serverId, port }) => [serverId, port]),
      [
        ['api', undefined],
        ['web', 4000],
      ],
    );
  });

  it('tells of everything that it starts who wanted it', async () => {
    const made = await shop({ web: ['api'], api: [] });
    const startedBy = { kind: 'agent', name: 'Copilot' } as const;
    const start = made.dependencyStart.start('web', { startedBy });
    await settled();
    const waiting = made.registry.get('web').state;
    await becomesReady(made, 'api');
    await start;
    assert.deepEqual(
      [waiting, ...['web', 'api'].map((id) => made.registry.get(id).state)].map(
        (state) => ('startedBy' in state && state.startedBy) || ('run' in state && state.run.startedBy),
      ),
      [startedBy, startedBy, startedBy],
    );
  });

  it('waits on for a dependency that is started again by itself', async () => {
    const restart = { kind: 'planned', delayMs: 1000 } as const;
    const made = await shop(
      { web: ['api'], api: [] },
      { deps: { restarts: { afterEnd: () => restart, forget: () => undefined } } },
    );
    const web = told(made.dependencyStart.start('web'));
    await settled();
    await ends(made, 'api', 1);
    assert.deepEqual(words(made), ['web: waiting for api', 'api: crashed (exit 1)']);
    await made.lifecycle.startAgain('api');
    await becomesReady(made, 'api');
    assert.equal(await web, 'started');
  });

  it('waits for nothing when a server is restarted, or started again after a crash', async () => {
    const made = await shop({ web: ['api'], api: [] });
    const start = made.dependencyStart.start('web');
    await settled();
    await becomesReady(made, 'api');
    await start;
    await ends(made, 'api', 1);
    await made.lifecycle.restart('web');
    assert.deepEqual(words(made), ['web: starting…', 'api: crashed (exit 1)']);
  });

  it('waits for what the server depends on now when that changes', async () => {
    const made = await shop({ web: ['api'], api: [], db: [] });
    const web = told(made.dependencyStart.start('web'));
    await settled();
    await made.registry.define(defined({ web: ['db'], api: [], db: [] }));
    await settled();
    assert.deepEqual(words(made), ['web: waiting for db', 'api: starting…', 'db: starting…']);
    await becomesReady(made, 'db');
    assert.equal(await web, 'started');
  });
});

describe('a dependency that fails', () => {
  it('keeps from starting what depends on it, with the reason, however far', async () => {
    const made = await shop({ shop: ['web'], web: ['api'], worker: ['api'], api: [] });
    const starts = ['shop', 'web', 'worker'].map((id) => told(made.dependencyStart.start(id)));
    await settled();
    await ends(made, 'api', 1);
    assert.deepEqual(await Promise.all(starts), [
      'dependencyFailed: shop was not started: api crashed (exit 1).',
      'dependencyFailed: web was not started: api crashed (exit 1).',
      'dependencyFailed: worker was not started: api crashed (exit 1).',
    ]);
    assert.deepEqual(words(made), [
      'shop: not started: api crashed (exit 1)',
      'web: not started: api crashed (exit 1)',
      'worker: not started: api crashed (exit 1)',
      'api: crashed (exit 1)',
    ]);
  });

  const failures: Record<
    string,
    { readonly happens: (made: World) => Promise<unknown>; readonly cause: string }
  > = {
    'has ended': { happens: (made) => ends(made, 'api', 0), cause: 'api ended (exit 0)' },
    'is never ready': { happens: (made) => isNeverReady(made, 'api'), cause: 'api is not ready after 60 s' },
    'is stopped by somebody': { happens: ({ lifecycle }) => lifecycle.stop('api'), cause: 'api was stopped' },
    'is not defined any more': {
      happens: async (made) => {
        await made.registry.define(defined({ web: ['api'], worker: [] }));
        await ends(made, 'api', 0);
      },
      cause: 'api is not defined any more',
    },
    'outlives its stop': {
      happens: async ({ lifecycle, processes }) => {
        processes.survivors = [{ pid: 7, command: 'x' }];
        await lifecycle.stop('api').catch(() => undefined);
      },
      cause: 'api was stopped',
    },
  };
  for (const [name, { happens, cause }] of Object.entries(failures)) {
    it(`because it ${name} keeps from starting what depends on it`, async () => {
      const made = await shop({ web: ['api'], api: [], worker: [] });
      const start = told(made.dependencyStart.start('web'));
      await settled();
      await happens(made);
      await settled();
      assert.equal(await start, `dependencyFailed: web was not started: ${cause}.`);
      assert.equal(words(made)[0], `web: not started: ${cause}`);
    });
  }

  it('because it is refused keeps from starting what depends on it', async () => {
    const made = await shop({ web: ['api'], api: [] });
    made.processes.failStart = new Error('There is no npm.');
    assert.deepEqual(
      [await told(made.dependencyStart.start('web')), words(made)],
      [
        'dependencyFailed: web was not started: There is no npm.',
        ['web: not started: There is no npm', 'api: failed: There is no npm.'],
      ],
    );
  });

  it('because a person leaves it at that keeps from starting what depends on it', async () => {
    const made = await shop({ web: ['api'], api: [] });
    const starts = orderedStart(
      made.registry,
      {
        ...operationsOf(made.lifecycle),
        start: (id, options) =>
          id === 'api'
            ? Promise.reject(new ServerError('portInUse', 'taken'))
            : made.lifecycle.start(id, options),
      },
      { inspector: { inspectPort: () => Promise.resolve({ kind: 'unknown', url: undefined }) } },
    );
    const resolveConflict = () => Promise.resolve({ kind: 'giveUp' } as const);
    await made.registry.define([
      definition('web', { dependsOn: ['api'], source: 'settings' }),
      definition('api', { port: 3000, source: 'settings' }),
    ]);
    assert.equal(
      await told(starts.start('web', { resolveConflict })),
      'dependencyFailed: web was not started: api was not started.',
    );
    assert.equal(await told(starts.start('api', { resolveConflict })), 'declined');
  });

  it('because somebody stops it as it waits itself keeps from starting what depends on it', async () => {
    const made = await shop({ shop: ['web'], web: ['api'], api: [] });
    const start = told(made.dependencyStart.start('shop'));
    await settled();
    await made.lifecycle.stop('web');
    assert.deepEqual(
      [await start, words(made)],
      [
        'dependencyFailed: shop was not started: web was stopped.',
        ['shop: not started: web was stopped', 'web: stopped', 'api: starting…'],
      ],
    );
  });

  it('is the reason for everybody who waits for the same start', async () => {
    const made = await shop({ web: ['api'], api: [] });
    const first = told(made.dependencyStart.start('web'));
    const deaf = orderedStart(made.registry, {
      ...operationsOf(made.lifecycle),
      start: (id, options) =>
        id === 'api' ? new Promise<never>(() => undefined) : made.lifecycle.start(id, options),
    });
    const second = told(deaf.start('web'));
    await settled();
    await ends(made, 'api', 1);
    const reason = 'dependencyFailed: web was not started: api crashed (exit 1).';
    assert.deepEqual([await first, await second], [reason, reason]);
  });

  it('as somebody starts it anew is waited for', async () => {
    const made = await shop({ web: ['api'], api: [] });
    await made.lifecycle.start('api');
    const stop = made.lifecycle.stop('api');
    const start = told(made.dependencyStart.start('web'));
    await stop;
    await settled();
    await becomesReady(made, 'api');
    assert.equal(await start, 'started');
  });
});

describe('a dependency cycle', () => {
  it('is named, and nothing of it is started', async () => {
    const made = await shop({ web: ['api', 'cache'], api: ['web'], cache: [] });
    assert.deepEqual(
      [await told(made.dependencyStart.start('web')), words(made), made.processes.calls],
      [
        'dependencyCycle: web was not started: the dependencies go in a circle: web → api → web.',
        ['web: stopped', 'api: stopped', 'cache: stopped'],
        [],
      ],
    );
  });

  it('keeps nothing else of a group from starting', async () => {
    const made = await shop({ web: ['api'], api: ['web'], docs: [] });
    const results = await made.dependencyStart.startAll(['web', 'docs']);
    assert.deepEqual(
      [results.map(({ status }) => status), words(made)],
      [
        ['rejected', 'fulfilled'],
        ['web: stopped', 'api: stopped', 'docs: starting…'],
      ],
    );
  });

  it('that comes about while servers wait is named too', async () => {
    const made = await shop({ web: ['api'], api: ['db'], db: [] });
    const web = told(made.dependencyStart.start('web'));
    await settled();
    await made.registry.define(defined({ web: ['api'], api: ['web'], db: [] }));
    await settled();
    assert.deepEqual(
      [await web, words(made)],
      [
        'dependencyCycle: web was not started: api was not started: its dependencies go in a circle: api → web → api.',
        [
          'web: not started: api was not started: its dependencies go in a circle: api → web → api',
          'api: stopped',
          'db: starting…',
        ],
      ],
    );
  });

  it('of servers that come to wait at the same moment is found by the registry', async () => {
    const made = await shop({ a: ['b'], b: ['a'] });
    await made.registry.queue('a', 'a-1');
    await assert.rejects(made.registry.queue('b', 'b-1'), {
      reason: 'dependencyCycle',
      message: 'b was not started: its dependencies go in a circle: b → a → b.',
    });
    assert.deepEqual(words(made), ['a: waiting for b', 'b: stopped']);
  });
});

describe('a dependency that no server is', () => {
  it('is named', async () => {
    const made = await shop({ web: ['apii'] });
    assert.deepEqual(
      [await told(made.dependencyStart.start('web')), words(made)],
      [
        'unknownServer: web was not started: web depends on "apii", which is no server here.',
        ['web: stopped'],
      ],
    );
  });
});

describe('a stop while a server waits for a dependency', () => {
  it('ends the waiting, and starts no copy later', async () => {
    const made = await shop({ web: ['api'], api: [] });
    const start = told(made.dependencyStart.start('web'));
    await settled();
    const stops = await Promise.all([made.lifecycle.stop('web'), made.lifecycle.stop('web')]);
    await becomesReady(made, 'api');
    assert.deepEqual(
      [await start, stops, words(made), made.processes.calls],
      [
        'cancelled: web was not started: it was stopped before.',
        [{ kind: 'notRunning' }, { kind: 'notRunning' }],
        ['web: stopped', 'api: ready'],
        ['start api'],
      ],
    );
  });

  it('wins over a turn that comes at the same moment', async () => {
    const made = await shop({ web: ['api'], api: [] });
    const queued = await made.lifecycle.start('web', { afterDependencies: true });
    assert.ok(queued.kind === 'queued');
    await made.lifecycle.start('api');
    await becomesReady(made, 'api');
    const stop = made.lifecycle.stop('web');
    const turn = told(made.lifecycle.resume('web', queued.runId));
    await stop;
    assert.deepEqual(
      [(await turn).split(':')[0], words(made)],
      ['cancelled', ['web: stopped', 'api: ready']],
    );
  });

  it('does not hold for a start that is asked for afterwards', async () => {
    const made = await shop({ web: ['api'], api: [] });
    const first = told(made.dependencyStart.start('web'));
    await settled();
    const stop = made.lifecycle.stop('web');
    const second = told(made.dependencyStart.start('web'));
    await stop;
    await settled();
    await becomesReady(made, 'api');
    assert.deepEqual(
      [(await first).split(':')[0], await second, made.processes.calls],
      ['cancelled', 'started', ['start api', 'start web']],
    );
  });

  it('takes the place also when the definition goes, or clean-up begins', async () => {
    const gone = await shop({ web: ['api'], api: [] });
    const web = told(gone.dependencyStart.start('web'));
    await settled();
    await gone.registry.define(defined({ api: [] }));
    const closed = await shop({ web: ['api'], api: [] });
    const other = told(closed.dependencyStart.start('web'));
    await settled();
    await closed.lifecycle.cleanup();
    assert.deepEqual(
      [await web, words(gone), await other, words(closed)],
      [
        'unknownServer: web was not started: it is not defined any more.',
        ['api: starting…'],
        'closed: web was not started: clean-up has begun.',
        ['web: stopped', 'api: stopped'],
      ],
    );
  });
});

describe('a dependency that fails as the dependent is about to be started', () => {
  it('is seen in the very transaction that would reserve its place', async () => {
    const made = await shop({ web: ['api'], api: [] });
    await made.lifecycle.start('api');
    await becomesReady(made, 'api');
    const down = ends(made, 'api', 1);
    const reserved = made.registry.reserve('web', 'web-9', { afterDependencies: true });
    await down;
    assert.deepEqual([await reserved, words(made)], [false, ['web: stopped', 'api: crashed (exit 1)']]);
  });
});

describe('an ordered stop', () => {
  it('stops each server after those that depend on it', async () => {
    const made = await shop({ db: [], api: ['db'], web: ['api'] });
    await Promise.all(['db', 'api', 'web'].map((id) => made.lifecycle.start(id)));
    made.processes.gate = settled;
    const order: string[] = [];
    made.registry.onDidChange(({ servers }) => {
      const ids = (kind: string): string =>
        servers
          .filter(({ state }) => state.kind === kind)
          .map(({ definition: { id } }) => id)
          .join(' ');
      const line = `${ids('stopping') || 'nothing'} stops, ${ids('stopped') || 'nothing'} is stopped`;
      if (order.at(-1) !== line) order.push(line);
    });
    const results = await made.dependencyStop.stopEverything();
    assert.deepEqual(
      [results.map(({ status }) => status), order],
      [
        ['fulfilled', 'fulfilled', 'fulfilled'],
        [
          'web stops, nothing is stopped',
          'nothing stops, web is stopped',
          'api stops, web is stopped',
          'nothing stops, api web is stopped',
          'db stops, api web is stopped',
          'nothing stops, db api web is stopped',
        ],
      ],
    );
  });

  it('goes on when a server cannot be stopped', async () => {
    const made = await shop({ db: [], web: ['db'] });
    await Promise.all(['db', 'web'].map((id) => made.lifecycle.start(id)));
    made.processes.survivors = [{ pid: 7, command: 'x' }];
    const results = await made.dependencyStop.stopAll(['db', 'web']);
    assert.deepEqual(
      [results.map(({ status }) => status), words(made)],
      [
        ['rejected', 'rejected'],
        ['db: could not be stopped: 1 still alive', 'web: could not be stopped: 1 still alive'],
      ],
    );
  });
});
