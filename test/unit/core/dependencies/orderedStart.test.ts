import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { OrderedStartDeps } from '../../../../src/core/dependencies/orderedStart.js';
import type { Outcome } from '../../../../src/core/lifecycle/outcome.js';
import type { ProcessEvent } from '../../../../src/core/lifecycle/processHost.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { stateText } from '../../../../src/core/views/stateText.js';
import { PortInUseError, ServerError } from '../../../../src/core/server/errors.js';
import {
  definition,
  endpoint,
  english,
  orderedStart,
  world,
  type World,
  type WorldOptions,
} from '../support/fakes.js';

/** Defines servers of the folder `shop`, each with its dependencies. */
async function shop(
  needs: Readonly<Record<string, readonly string[]>>,
  options: WorldOptions = {},
): Promise<World> {
  const scene = await world(options);
  await scene.registry.define(defined(needs));
  return scene;
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
    stop: (id) => lifecycle.stop(id),
    chosenPort: (id) => lifecycle.chosenPort(id),
  };
}

/** Drains the promise queue. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Emits an event of the live run of a server. */
async function emit({ processes }: World, id: string, event: (runId: string) => ProcessEvent): Promise<void> {
  const runId = [...processes.alive.keys()].find((each) => each.startsWith(`${id}-`));
  assert.ok(runId !== undefined, `${id} does not live`);
  const emitted = event(runId);
  if (emitted.kind === 'ended') processes.alive.delete(runId);
  processes.emit(emitted);
  await settled();
}

const becomesReady = (scene: World, id: string): Promise<void> =>
  emit(scene, id, (runId) => ({ kind: 'ready', runId, endpoint: endpoint('http://localhost:1/') }));

const ends = (scene: World, id: string, code: number): Promise<void> =>
  emit(scene, id, (runId) => ({
    kind: 'ended',
    runId,
    exit: { kind: 'code', code },
    interrupted: false,
    tail: [],
    survivors: [],
  }));

const isNeverReady = (scene: World, id: string): Promise<void> =>
  emit(scene, id, (runId) => ({
    kind: 'unhealthy',
    runId,
    problem: { kind: 'timeout', seconds: 60, attempts: [] },
    endpoint: undefined,
  }));

const findsItsPortTaken = (scene: World, id: string): Promise<void> =>
  emit(scene, id, (runId) => ({
    kind: 'unhealthy',
    runId,
    problem: { kind: 'conflict', port: 3001, holder: undefined },
    endpoint: undefined,
  }));

/** Returns the outcome of a start, or the reason and message of its failure. */
function outcomeText(start: Promise<Outcome | undefined>): Promise<string> {
  return start.then(
    (outcome) => outcome?.kind ?? 'declined',
    ({ reason, message }: ServerError) => `${reason}: ${message}`,
  );
}

/** Returns a text such as `web: waiting for api` for every server. */
function stateTexts({ registry }: World): string[] {
  return registry.current.servers.map(
    ({ definition: { id }, state }) => `${id}: ${stateText(state, english) || 'stopped'}`,
  );
}

describe('a start with dependencies', () => {
  it('starts each server when its dependencies are ready, and independent ones in parallel', async () => {
    const scene = await shop({ web: ['api', 'auth'], api: ['db'], auth: [], db: [] });
    const start = outcomeText(scene.dependencyStart.start('web'));
    await settled();
    const first = stateTexts(scene);
    await becomesReady(scene, 'db');
    const second = stateTexts(scene);
    await becomesReady(scene, 'auth');
    await becomesReady(scene, 'api');
    assert.deepEqual(
      [first, second, stateTexts(scene), await start],
      [
        ['web: waiting for api and 1 more', 'api: waiting for db', 'auth: starting…', 'db: starting…'],
        ['web: waiting for api and 1 more', 'api: starting…', 'auth: starting…', 'db: ready'],
        ['web: starting…', 'api: ready', 'auth: ready', 'db: ready'],
        'started',
      ],
    );
    assert.deepEqual(scene.processes.calls, ['start db', 'start auth', 'start api', 'start web']);
  });

  it('uses a dependency that is ready, and waits for one that starts', async () => {
    const scene = await shop({ web: ['api'], docs: ['api'], api: [] });
    await scene.lifecycle.start('api');
    const web = outcomeText(scene.dependencyStart.start('web'));
    await settled();
    assert.deepEqual(stateTexts(scene)[0], 'web: waiting for api');
    await becomesReady(scene, 'api');
    assert.deepEqual(
      [await web, await outcomeText(scene.dependencyStart.start('docs'))],
      ['started', 'started'],
    );
    assert.deepEqual(scene.processes.calls, ['start api', 'start web', 'start docs']);
  });

  it('starts no dependencies of a running dependency', async () => {
    const scene = await shop({ web: ['api'], api: ['db'], db: [] });
    await scene.lifecycle.start('api');
    await becomesReady(scene, 'api');
    assert.equal(await outcomeText(scene.dependencyStart.start('web')), 'started');
    assert.deepEqual(scene.processes.calls, ['start api', 'start web']);
  });

  it('answers at once for a server that runs', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    await scene.lifecycle.start('web');
    assert.equal(await outcomeText(scene.dependencyStart.start('web')), 'alreadyRunning');
    assert.deepEqual(stateTexts(scene), ['web: starting…', 'api: stopped']);
  });

  it('joins a start that waits', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    const starts = [outcomeText(scene.dependencyStart.start('web'))];
    await settled();
    starts.push(outcomeText(scene.dependencyStart.start('web')));
    await settled();
    await becomesReady(scene, 'api');
    assert.deepEqual(await Promise.all(starts), ['started', 'started']);
    assert.deepEqual(scene.processes.calls, ['start api', 'start web']);
  });

  it('starts a group with its dependencies outside the group, each server once', async () => {
    const scene = await shop({ web: ['api'], worker: ['api'], api: ['db'], db: [], docs: [] });
    const results = scene.dependencyStart.startAll(['web', 'worker']);
    await settled();
    await becomesReady(scene, 'db');
    await becomesReady(scene, 'api');
    assert.deepEqual(
      (await results).map(({ status }) => status),
      ['fulfilled', 'fulfilled'],
    );
    assert.deepEqual(scene.processes.calls, ['start db', 'start api', 'start web', 'start worker']);
  });

  it('does not count waiting servers towards the maximum number', async () => {
    const scene = await shop({ web: ['api'], api: [], docs: [] }, { maxServers: 2 });
    const web = outcomeText(scene.dependencyStart.start('web'));
    await settled();
    assert.equal(await outcomeText(scene.dependencyStart.start('docs')), 'started');
    await becomesReady(scene, 'api');
    assert.equal(await web, 'limit: web: too many');
    assert.deepEqual(stateTexts(scene), ['web: stopped', 'api: ready', 'docs: starting…']);
  });

  it('keeps the port that was chosen when the start began to wait', async () => {
    const scene = await world();
    await scene.registry.define([definition('web', { dependsOn: ['api'], port: 3000 }), definition('api')]);
    const { lifecycle, registry } = scene;
    const starts = orderedStart(registry, {
      ...operationsOf(lifecycle),
      start: (id, options) => lifecycle.start(id, id === 'web' ? { ...options, port: 4000 } : options),
    });
    const start = starts.start('web');
    await settled();
    await becomesReady(scene, 'api');
    await start;
    assert.deepEqual(
      [...scene.processes.alive.values()].map(({ serverId, port }) => [serverId, port]),
      [
        ['api', undefined],
        ['web', 4000],
      ],
    );
  });

  it('passes the origin to every server that it starts', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    const startedBy = { kind: 'agent', name: 'Copilot', caller: 'Copilot' } as const;
    const start = scene.dependencyStart.start('web', { startedBy });
    await settled();
    const waiting = scene.registry.get('web').state;
    await becomesReady(scene, 'api');
    await start;
    assert.deepEqual(
      [waiting, ...['web', 'api'].map((id) => scene.registry.get(id).state)].map(
        (state) => ('startedBy' in state && state.startedBy) || ('run' in state && state.run.startedBy),
      ),
      [startedBy, startedBy, startedBy],
    );
  });

  it('keeps waiting for a dependency that is restarted automatically', async () => {
    const restart = { kind: 'planned', delayMs: 1000 } as const;
    const scene = await shop(
      { web: ['api'], api: [] },
      { deps: { restarts: { afterEnd: () => restart, forget: () => undefined } } },
    );
    const web = outcomeText(scene.dependencyStart.start('web'));
    await settled();
    await ends(scene, 'api', 1);
    assert.deepEqual(stateTexts(scene), ['web: waiting for api', 'api: crashed (exit 1)']);
    await scene.lifecycle.startAgain('api');
    await becomesReady(scene, 'api');
    assert.equal(await web, 'started');
  });

  it('waits for nothing when a server is restarted, or started again after a crash', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    const start = scene.dependencyStart.start('web');
    await settled();
    await becomesReady(scene, 'api');
    await start;
    await ends(scene, 'api', 1);
    await scene.lifecycle.restart('web');
    assert.deepEqual(stateTexts(scene), ['web: starting…', 'api: crashed (exit 1)']);
  });

  it('waits for the current dependencies when they change', async () => {
    const scene = await shop({ web: ['api'], api: [], db: [] });
    const web = outcomeText(scene.dependencyStart.start('web'));
    await settled();
    await scene.registry.define(defined({ web: ['db'], api: [], db: [] }));
    await settled();
    assert.deepEqual(stateTexts(scene), ['web: waiting for db', 'api: starting…', 'db: starting…']);
    await becomesReady(scene, 'db');
    assert.equal(await web, 'started');
  });
});

describe('a dependency whose port is in use', () => {
  async function heldUp() {
    const scene = await shop({ web: ['api'], api: [] });
    const web = outcomeText(scene.dependencyStart.start('web'));
    await settled();
    await findsItsPortTaken(scene, 'api');
    return { scene, web };
  }
  const resolveConflict = () => Promise.resolve({ kind: 'proceed' } as const);

  it('is waited for while it lives, since it may move to another port', async () => {
    const { scene, web } = await heldUp();
    assert.deepEqual(stateTexts(scene), [
      'web: waiting for api',
      'api: port 3001 is in use by another program',
    ]);
    await becomesReady(scene, 'api');
    assert.equal(await web, 'started');
  });

  it('is waited for while it is stopped and started again with another port', async () => {
    const { scene, web } = await heldUp();
    const again = scene.dependencyStart.stopAndStart('api', {}, resolveConflict);
    await settled();
    assert.deepEqual(await again, { kind: 'started' });
    assert.deepEqual(stateTexts(scene), ['web: waiting for api', 'api: starting…']);
    await becomesReady(scene, 'api');
    assert.equal(await web, 'started');
  });

  it('is waited for while it is restarted', async () => {
    const { scene, web } = await heldUp();
    await scene.dependencyStart.restart('api');
    await becomesReady(scene, 'api');
    assert.equal(await web, 'started');
  });

  it('fails its dependents when it cannot be started again', async () => {
    const { scene, web } = await heldUp();
    scene.processes.gate = (call) =>
      call === 'start' ? Promise.reject(new ServerError('spawnFailed', 'gone')) : Promise.resolve();
    await assert.rejects(scene.dependencyStart.stopAndStart('api', {}, resolveConflict));
    assert.equal(await web, 'dependencyFailed: web was not started: api failed: gone.');
  });

  it('fails its dependents when it ends', async () => {
    const { scene, web } = await heldUp();
    await ends(scene, 'api', 1);
    assert.equal(await web, 'dependencyFailed: web was not started: api crashed (exit 1).');
  });
});

describe('a server that is started or restarted alone', () => {
  const inUse = { kind: 'unknown', url: undefined } as const;

  /** Every start of `web` meets a taken port until it is given another one. */
  async function conflicting() {
    const made = await world();
    await made.registry.define([definition('web', { port: 3000, dependsOn: ['api'] }), definition('api')]);
    const refused = () => Promise.reject(new PortInUseError(3000, 'taken'));
    const lifecycle: OrderedStartDeps['lifecycle'] = {
      ...operationsOf(made.lifecycle),
      start: (id, options) => (options?.port === 4000 ? made.lifecycle.start(id, options) : refused()),
      restart: refused,
    };
    const inspector = { inspectPort: () => Promise.resolve(inUse) };
    const resolveConflict = () => Promise.resolve({ kind: 'start', options: { port: 4000 } } as const);
    return { ...made, starts: orderedStart(made.registry, lifecycle, { inspector }), resolveConflict };
  }

  it('does not wait for its dependencies, and uses the given port', async () => {
    const { starts, resolveConflict, processes } = await conflicting();
    assert.deepEqual(await starts.startAlone('web', {}, resolveConflict), { kind: 'started' });
    assert.deepEqual(processes.calls, ['start web']);
  });

  it('keeps the origin of the restart when its port conflict is resolved', async () => {
    const { starts, resolveConflict, registry } = await conflicting();
    const startedBy = { kind: 'agent', name: 'Copilot', caller: 'Copilot' } as const;
    await starts.restart('web', { startedBy, resolveConflict });
    const { state } = registry.get('web');
    assert.deepEqual('run' in state && state.run.startedBy, startedBy);
    await assert.rejects(starts.restart('web'), { reason: 'portInUse' });
  });

  it('reports every server that was started, and no other', async () => {
    const made = await world();
    const started: string[] = [];
    const onStarted = (id: string): number => started.push(id);
    await made.dependencyStart.startAll(['a', 'b'], { onStarted });
    await made.dependencyStart.start('a', { onStarted });
    await assert.rejects(made.dependencyStart.start('gone', { onStarted }));
    assert.deepEqual(started, ['a', 'b', 'a']);
  });
});

describe('a dependency that fails', () => {
  it('prevents all direct and indirect dependents from starting, with the reason', async () => {
    const scene = await shop({ shop: ['web'], web: ['api'], worker: ['api'], api: [] });
    const starts = ['shop', 'web', 'worker'].map((id) => outcomeText(scene.dependencyStart.start(id)));
    await settled();
    await ends(scene, 'api', 1);
    assert.deepEqual(await Promise.all(starts), [
      'dependencyFailed: shop was not started: api crashed (exit 1).',
      'dependencyFailed: web was not started: api crashed (exit 1).',
      'dependencyFailed: worker was not started: api crashed (exit 1).',
    ]);
    assert.deepEqual(stateTexts(scene), [
      'shop: not started: api crashed (exit 1)',
      'web: not started: api crashed (exit 1)',
      'worker: not started: api crashed (exit 1)',
      'api: crashed (exit 1)',
    ]);
  });

  const failures: Record<
    string,
    { readonly happens: (scene: World) => Promise<unknown>; readonly cause: string }
  > = {
    'has ended': { happens: (made) => ends(made, 'api', 0), cause: 'api ended (exit 0)' },
    'is never ready': { happens: (made) => isNeverReady(made, 'api'), cause: 'api is not ready after 60 s' },
    'is stopped by another caller': {
      happens: ({ lifecycle }) => lifecycle.stop('api'),
      cause: 'api was stopped',
    },
    'is not defined any more': {
      happens: async (scene) => {
        await scene.registry.define(defined({ web: ['api'], worker: [] }));
        await ends(scene, 'api', 0);
      },
      cause: 'api is no longer defined',
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
      const scene = await shop({ web: ['api'], api: [], worker: [] });
      const start = outcomeText(scene.dependencyStart.start('web'));
      await settled();
      await happens(scene);
      await settled();
      assert.equal(await start, `dependencyFailed: web was not started: ${cause}.`);
      assert.equal(stateTexts(scene)[0], `web: not started: ${cause}`);
    });
  }

  it('because it is refused prevents its dependents from starting', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    scene.processes.failStart = new Error('There is no npm.');
    assert.deepEqual(
      [await outcomeText(scene.dependencyStart.start('web')), stateTexts(scene)],
      [
        'dependencyFailed: web was not started: There is no npm.',
        ['web: not started: There is no npm', 'api: failed: There is no npm'],
      ],
    );
  });

  it('because the user declines prevents its dependents from starting', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    const starts = orderedStart(
      scene.registry,
      {
        ...operationsOf(scene.lifecycle),
        start: (id, options) =>
          id === 'api'
            ? Promise.reject(new PortInUseError(3000, 'taken'))
            : scene.lifecycle.start(id, options),
      },
      { inspector: { inspectPort: () => Promise.resolve({ kind: 'unknown', url: undefined }) } },
    );
    const resolveConflict = () => Promise.resolve({ kind: 'giveUp' } as const);
    await scene.registry.define([
      definition('web', { dependsOn: ['api'], source: 'settings' }),
      definition('api', { port: 3000, source: 'settings' }),
    ]);
    assert.equal(
      await outcomeText(starts.start('web', { resolveConflict })),
      'dependencyFailed: web was not started: api was not started.',
    );
    assert.equal(await outcomeText(starts.start('api', { resolveConflict })), 'declined');
  });

  it('because it is stopped while it waits prevents its dependents from starting', async () => {
    const scene = await shop({ shop: ['web'], web: ['api'], api: [] });
    const start = outcomeText(scene.dependencyStart.start('shop'));
    await settled();
    await scene.lifecycle.stop('web');
    assert.deepEqual(
      [await start, stateTexts(scene)],
      [
        'dependencyFailed: shop was not started: web was stopped.',
        ['shop: not started: web was stopped', 'web: stopped', 'api: starting…'],
      ],
    );
  });

  it('is the reason for all callers that wait for the same start', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    const first = outcomeText(scene.dependencyStart.start('web'));
    const deaf = orderedStart(scene.registry, {
      ...operationsOf(scene.lifecycle),
      start: (id, options) =>
        id === 'api' ? new Promise<never>(() => undefined) : scene.lifecycle.start(id, options),
    });
    const second = outcomeText(deaf.start('web'));
    await settled();
    await ends(scene, 'api', 1);
    const reason = 'dependencyFailed: web was not started: api crashed (exit 1).';
    assert.deepEqual([await first, await second], [reason, reason]);
  });

  it('is waited for when another caller restarts it', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    await scene.lifecycle.start('api');
    const stop = scene.lifecycle.stop('api');
    const start = outcomeText(scene.dependencyStart.start('web'));
    await stop;
    await settled();
    await becomesReady(scene, 'api');
    assert.equal(await start, 'started');
  });
});

describe('a dependency cycle', () => {
  it('is named, and nothing of it is started', async () => {
    const scene = await shop({ web: ['api', 'cache'], api: ['web'], cache: [] });
    assert.deepEqual(
      [await outcomeText(scene.dependencyStart.start('web')), stateTexts(scene), scene.processes.calls],
      [
        'dependencyCycle: web was not started: circular dependency: web → api → web.',
        ['web: stopped', 'api: stopped', 'cache: stopped'],
        [],
      ],
    );
  });

  it('does not prevent the rest of a group from starting', async () => {
    const scene = await shop({ web: ['api'], api: ['web'], docs: [] });
    const results = await scene.dependencyStart.startAll(['web', 'docs']);
    assert.deepEqual(
      [results.map(({ status }) => status), stateTexts(scene)],
      [
        ['rejected', 'fulfilled'],
        ['web: stopped', 'api: stopped', 'docs: starting…'],
      ],
    );
  });

  it('that arises while servers wait is named, too', async () => {
    const scene = await shop({ web: ['api'], api: ['db'], db: [] });
    const web = outcomeText(scene.dependencyStart.start('web'));
    await settled();
    await scene.registry.define(defined({ web: ['api'], api: ['web'], db: [] }));
    await settled();
    assert.deepEqual(
      [await web, stateTexts(scene)],
      [
        'dependencyCycle: web was not started: api was not started because of a circular dependency: api → web → api.',
        [
          'web: not started: api was not started because of a circular dependency: api → web → api',
          'api: stopped',
          'db: starting…',
        ],
      ],
    );
  });

  it('of servers that begin to wait at the same moment is found by the registry', async () => {
    const scene = await shop({ a: ['b'], b: ['a'] });
    await scene.registry.queue('a', 'a-1');
    await assert.rejects(scene.registry.queue('b', 'b-1'), {
      reason: 'dependencyCycle',
      message: 'b was not started because of a circular dependency: b → a → b.',
    });
    assert.deepEqual(stateTexts(scene), ['a: waiting for b', 'b: stopped']);
  });
});

describe('a dependency with an unknown id', () => {
  it('is named', async () => {
    const scene = await shop({ web: ['apii'] });
    assert.deepEqual(
      [await outcomeText(scene.dependencyStart.start('web')), stateTexts(scene)],
      ['unknownServer: web was not started: web depends on "apii", which does not exist.', ['web: stopped']],
    );
  });
});

describe('a stop while a server waits for a dependency', () => {
  it('ends the wait, and starts no copy later', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    const start = outcomeText(scene.dependencyStart.start('web'));
    await settled();
    const stops = await Promise.all([scene.lifecycle.stop('web'), scene.lifecycle.stop('web')]);
    await becomesReady(scene, 'api');
    assert.deepEqual(
      [await start, stops, stateTexts(scene), scene.processes.calls],
      [
        'cancelled: web was not started: it was stopped in the meantime.',
        [{ kind: 'notRunning' }, { kind: 'notRunning' }],
        ['web: stopped', 'api: ready'],
        ['start api'],
      ],
    );
  });

  it('takes precedence over a start that is resumed at the same moment', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    const queued = await scene.lifecycle.start('web', { afterDependencies: true });
    assert.ok(queued.kind === 'queued');
    await scene.lifecycle.start('api');
    await becomesReady(scene, 'api');
    const stop = scene.lifecycle.stop('web');
    const turn = outcomeText(scene.lifecycle.resume('web', queued.runId));
    await stop;
    assert.deepEqual(
      [(await turn).split(':')[0], stateTexts(scene)],
      ['cancelled', ['web: stopped', 'api: ready']],
    );
  });

  it('does not affect a start that is requested afterwards', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    const first = outcomeText(scene.dependencyStart.start('web'));
    await settled();
    const stop = scene.lifecycle.stop('web');
    const second = outcomeText(scene.dependencyStart.start('web'));
    await stop;
    await settled();
    await becomesReady(scene, 'api');
    assert.deepEqual(
      [(await first).split(':')[0], await second, scene.processes.calls],
      ['cancelled', 'started', ['start api', 'start web']],
    );
  });

  it('removes the queue entry, as does a removed definition or clean-up', async () => {
    const gone = await shop({ web: ['api'], api: [] });
    const web = outcomeText(gone.dependencyStart.start('web'));
    await settled();
    await gone.registry.define(defined({ api: [] }));
    const closed = await shop({ web: ['api'], api: [] });
    const other = outcomeText(closed.dependencyStart.start('web'));
    await settled();
    await closed.lifecycle.cleanup();
    assert.deepEqual(
      [await web, stateTexts(gone), await other, stateTexts(closed)],
      [
        'unknownServer: web was not started: it is no longer defined.',
        ['api: starting…'],
        'closed: web was not started: the window is closing.',
        ['web: stopped', 'api: stopped'],
      ],
    );
  });
});

describe('a dependency that fails as the dependent is about to be started', () => {
  it('is noticed in the transaction that would reserve the dependent', async () => {
    const scene = await shop({ web: ['api'], api: [] });
    await scene.lifecycle.start('api');
    await becomesReady(scene, 'api');
    const down = ends(scene, 'api', 1);
    const reserved = scene.registry.reserve('web', 'web-9', { afterDependencies: true });
    await down;
    assert.deepEqual([await reserved, stateTexts(scene)], [false, ['web: stopped', 'api: crashed (exit 1)']]);
  });
});

describe('an ordered stop', () => {
  it('stops each server after those that depend on it', async () => {
    const scene = await shop({ db: [], api: ['db'], web: ['api'] });
    await Promise.all(['db', 'api', 'web'].map((id) => scene.lifecycle.start(id)));
    scene.processes.gate = settled;
    const order: string[] = [];
    scene.registry.onDidChange(({ servers }) => {
      const ids = (kind: string): string =>
        servers
          .filter(({ state }) => state.kind === kind)
          .map(({ definition: { id } }) => id)
          .join(' ');
      const line = `${ids('stopping') || 'nothing'} stops, ${ids('stopped') || 'nothing'} is stopped`;
      if (order.at(-1) !== line) order.push(line);
    });
    const results = await scene.dependencyStop.stopEverything();
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
    const scene = await shop({ db: [], web: ['db'] });
    await Promise.all(['db', 'web'].map((id) => scene.lifecycle.start(id)));
    scene.processes.survivors = [{ pid: 7, command: 'x' }];
    const results = await scene.dependencyStop.stopAll(['db', 'web']);
    assert.deepEqual(
      [results.map(({ status }) => status), stateTexts(scene)],
      [
        ['rejected', 'rejected'],
        ['db: could not be stopped: 1 still running', 'web: could not be stopped: 1 still running'],
      ],
    );
  });
});
