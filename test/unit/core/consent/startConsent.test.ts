import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  consentText,
  originalConsentText,
  type StartConsent,
} from '../../../../src/core/consent/startConsent.js';
import { restartOrigin, type Origin } from '../../../../src/core/server/origin.js';
import { FakeMemento } from '../../vscode/support/fakeMemento.js';
import { AgreedStarts } from '../../../../src/vscode/agents/agreedStarts.js';
import { definition, world, type World } from '../support/fakes.js';

const agent: Origin = { kind: 'agent', name: 'Copilot', caller: 'chat' };
const log = { info: () => undefined, error: () => undefined };

describe('the consent to a definition', () => {
  async function consentWorld(): Promise<World> {
    const agreed = new Set<string>();
    const consent: StartConsent = {
      has: (each) => agreed.has(consentText(each)),
      give: (each) => void agreed.add(consentText(each)),
    };
    return world({ deps: { consent } });
  }

  const reasonOf = (start: Promise<unknown>): Promise<unknown> =>
    start.then(
      () => 'started',
      (error: { reason: string }) => error.reason,
    );

  it('is given by a start of the user, until the definition changes', async () => {
    const { lifecycle, registry } = await consentWorld();
    const origins: readonly Origin[] = [
      agent,
      { kind: 'autoStart' },
      restartOrigin(undefined),
      restartOrigin(agent),
    ];
    const reasons = async (): Promise<unknown[]> => {
      const found: unknown[] = [];
      for (const startedBy of origins) {
        found.push(await reasonOf(lifecycle.start('a', { startedBy })));
        await lifecycle.stop('a');
      }
      return found;
    };
    assert.deepEqual(
      await reasons(),
      origins.map(() => 'notAllowed'),
    );
    await lifecycle.start('a');
    await lifecycle.stop('a');
    assert.deepEqual(
      await reasons(),
      origins.map(() => 'started'),
    );
    await registry.define([definition('a', { cwd: '/elsewhere' })]);
    assert.deepEqual(
      await reasons(),
      origins.map(() => 'notAllowed'),
    );
  });

  it('does not apply to a definition that changes while the start waits', async () => {
    const { lifecycle, registry, processes } = await consentWorld();
    await registry.define([definition('a', { dependsOn: ['b'] }), definition('b')]);
    const queued = await lifecycle.start('a', { afterDependencies: true });
    await registry.define([definition('a', { cwd: '/elsewhere' }), definition('b')]);
    const runId = queued.kind === 'queued' ? queued.runId : '';
    assert.deepEqual([await reasonOf(lifecycle.resume('a', runId)), processes.alive.size], ['notAllowed', 0]);
  });

  it('is not needed by other extensions, nor by the restarts of what they have started', async () => {
    const { lifecycle } = await consentWorld();
    const startedBy: Origin = { ...agent, isTrusted: true };
    assert.equal(await reasonOf(lifecycle.start('a', { startedBy })), 'started');
    await lifecycle.stop('a');
    assert.equal(await reasonOf(lifecycle.start('a', { startedBy: restartOrigin(startedBy) })), 'started');
  });

  it('outlives the window as a hash in the state of the workspace', () => {
    const memento = new FakeMemento();
    const secret = definition('a', { env: { TOKEN: 'secret value' } });
    new AgreedStarts(memento, log).give(secret);
    const next = new AgreedStarts(memento, log);
    assert.deepEqual([next.has({ ...secret }), next.has(definition('a'))], [true, false]);
    assert.ok(!JSON.stringify(memento.keys().map((key) => memento.get(key))).includes('secret'));
  });

  it('applies in a git worktree, but only to the same paths inside it', () => {
    const agreed = new AgreedStarts(new FakeMemento(), log);
    const worktree = { root: '/w/new', original: '/w/main', folder: '/w/new' };
    agreed.give(definition('a', { cwd: '/w/main/app', envFiles: ['/w/main2/.env'] }));
    const has = (envFile: string): boolean =>
      agreed.has(definition('a', { cwd: '/w/new/app', envFiles: [envFile], worktree }));
    assert.deepEqual([has('/w/main2/.env'), has('/w/new2/.env')], [true, false]);
  });

  it('applies in a git worktree if the workspace folder is a subfolder, or was opened through a link', () => {
    const worktree = { root: '/w/new', folder: '/w/new/apps/web' };
    const moved = (original: string, ...paths: string[]): readonly unknown[] =>
      paths.map((cwd) => {
        const text = originalConsentText(definition('a', { cwd, worktree: { ...worktree, original } }));
        return (JSON.parse(text ?? '[]') as unknown[])[2];
      });
    assert.deepEqual(
      moved('/w/main/apps/web', '/w/new/apps/web/api', '/w/new/apps', '/w/new/lib', '/w/new2'),
      ['/w/main/apps/web/api', '/w/main/apps', '/w/main/lib', '/w/new2'],
    );
    assert.deepEqual(
      moved('/home/link', '/w/new/apps/web', '/w/new/apps/web/api', '/w/new/apps/web2', '/w/new'),
      ['/home/link', '/home/link/api', '/w/new/apps/web2', '/w/new'],
    );
  });

  it('is kept for a bounded number of definitions, and survives a damaged state', async () => {
    const memento = new FakeMemento();
    for (const damaged of ['x', 7, null, {}, [1, null]]) {
      await memento.update('devServers.agreedStarts', damaged);
      assert.equal(new AgreedStarts(memento, log).has(definition('a')), false);
    }
    const agreed = new AgreedStarts(memento, log);
    for (let index = 0; index <= 1000; index += 1) agreed.give(definition('a', { cwd: `/${index}` }));
    assert.deepEqual(
      [agreed.has(definition('a', { cwd: '/0' })), agreed.has(definition('a', { cwd: '/1000' }))],
      [false, true],
    );
  });
});
