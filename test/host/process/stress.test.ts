import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { ServerError } from '../../../src/core/server/errors.js';
import type { Lifecycle } from '../../../src/core/lifecycle/lifecycle.js';
import type { Registry } from '../../../src/core/registry/registry.js';
import type { ServerDefinition } from '../../../src/core/server/definition.js';
import type { HostClient } from '../../../src/host/client/hostClient.js';
import { createHostedRegistry } from '../../support/hostedRegistry.js';
import { pidsWith, windowIdOf } from '../../support/processes.js';
import { hostPath } from '../support/testHost.js';
import { isIdle } from '../../../src/core/server/stateQueries.js';

const servers = Array.from({ length: 50 }, (_, index): ServerDefinition => ({
  id: `server-${index}`,
  name: `server-${index}`,
  folder: 'stress',
  subfolder: '',
  command: { kind: 'argv', file: '/bin/sleep', args: ['1000'] },
  cwd: '/',
  env: {},
  port: undefined,
  source: 'scripts',
}));

/** Returns the reason why an operation failed, unless it is expected: a stop cancels a start that has no process yet. */
function errorOf(result: PromiseSettledResult<unknown>, ...expected: readonly string[]): unknown[] {
  if (result.status === 'fulfilled') return [];
  const { reason } = result.reason as ServerError;
  return expected.includes(reason) ? [] : [reason ?? result.reason];
}

describe('the registry over real processes', () => {
  let folder: string;
  let errors: string[];
  let registry: Registry;
  let lifecycle: Lifecycle;
  let processes: HostClient;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-stress-'));
    errors = [];
    const log = { info: () => undefined, error: (message: string) => errors.push(message) };
    ({ registry, lifecycle, processes } = createHostedRegistry({ hostPath, ledgerFolder: folder, log }));
    await registry.define(servers);
  });
  afterEach(async () => {
    const prefix = `DEV_SERVER_REGISTRY_ID=${windowIdOf(processes.newRunId())}`;
    assert.deepEqual(await lifecycle.cleanup(), { survivors: [] });
    assert.deepEqual(pidsWith(prefix), [], 'processes were left behind');
    await processes.dispose();
    assert.deepEqual([readdirSync(folder), errors], [[], []]);
    rmSync(folder, { recursive: true });
  });

  /** Checks that the operating system and the registry agree about the server. */
  function assertAgreement(): void {
    const wrong = registry.current.servers.filter(({ state }) => {
      const alive = 'run' in state ? pidsWith(`DEV_SERVER_REGISTRY_ID=${state.run.id}\0`).length : 0;
      // The server and the leader of its session.
      return alive !== (isIdle(state) ? 0 : 2);
    });
    assert.deepEqual(wrong, []);
  }

  function randomOperation(): Promise<unknown> {
    const { id } = servers[Math.floor(Math.random() * servers.length)] ?? { id: '' };
    const choice = Math.random();
    if (choice < 0.4) return lifecycle.start(id);
    if (choice < 0.7) return lifecycle.stop(id);
    if (choice < 0.8) return lifecycle.restart(id);
    return registry.snapshot();
  }

  it('high concurrency: a hundred operations at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 100 }, randomOperation));
    assert.deepEqual(
      results.flatMap((each) => errorOf(each, 'cancelled')),
      [],
    );
    assertAgreement();
  });

  it('stress: a thousand random operations with random delays', async () => {
    const operations = Array.from({ length: 1000 }, async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2000));
      await randomOperation();
    });
    assert.deepEqual(
      (await Promise.allSettled(operations)).flatMap((each) => errorOf(each, 'cancelled')),
      [],
    );
    assertAgreement();
  });

  it('cleanup race: starts under way are ended, later ones are refused, nothing lives', async () => {
    const starts = servers.map(({ id }) => lifecycle.start(id));
    const cleanup = lifecycle.cleanup();
    const late = servers.map(({ id }) => lifecycle.restart(id));
    const started = await Promise.allSettled(starts);
    assert.deepEqual(
      started.flatMap((each) => errorOf(each, 'closed', 'cancelled')),
      [],
    );
    assert.deepEqual(
      (await Promise.allSettled(late)).flatMap((each) => errorOf(each)),
      servers.map(() => 'closed'),
    );
    await cleanup;
    assert.equal(
      registry.current.servers.every(({ state }) => isIdle(state)),
      true,
    );
  });
});
