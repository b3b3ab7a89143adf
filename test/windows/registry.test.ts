import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { Lifecycle } from '../../src/core/lifecycle/lifecycle.js';
import type { Registry } from '../../src/core/registry/registry.js';
import type { ServerDefinition } from '../../src/core/server/definition.js';
import { ServerError } from '../../src/core/server/errors.js';
import { isIdle } from '../../src/core/server/stateQueries.js';
import type { HostClient } from '../../src/host/client/hostClient.js';
import { builtFile } from '../support/builtFile.js';
import { createHostedRegistry } from '../support/hostedRegistry.js';
import { nodeProgram } from '../support/serverProgram.js';
import { leftOfHost } from '../support/windowsFamily.js';
import { processesWith } from './support/windowsHost.js';

const ids = ['one', 'two', 'three', 'four', 'five'];

describe('the registry over processes of Windows', () => {
  let folder: string;
  let errors: string[];
  let registry: Registry;
  let lifecycle: Lifecycle;
  let processes: HostClient;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-registry-'));
    errors = [];
    const log = {
      info: () => undefined,
      error: (message: string, cause: unknown) => errors.push(`${message}: ${String(cause)}`),
    };
    const hostPath = builtFile('host.js');
    ({ registry, lifecycle, processes } = createHostedRegistry({ hostPath, ledgerFolder: folder, log }));
    await registry.define(ids.map(definition));
  });

  afterEach(async () => {
    const { pid } = processes;
    assert.deepEqual(await lifecycle.cleanup(), { survivors: [] });
    assert.deepEqual(await processesWith(mark('')), [], 'processes were left behind');
    await processes.dispose();
    assert.deepEqual(await leftOfHost(pid), [], 'processes were left behind');
    assert.deepEqual([readdirSync(folder), errors], [[], []]);
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  /** Returns text in the command line of a server, by which the tests find its processes. */
  const mark = (id: string): string => `server-${process.pid}-${id}`;

  const definition = (id: string): ServerDefinition => ({
    id,
    name: id,
    folder: 'shop',
    subfolder: '',
    command: nodeProgram('-e', `setInterval(() => '${mark(id)}', 1000)`),
    cwd: folder,
    env: {},
    port: undefined,
    source: 'scripts',
  });

  /** Checks that Windows and the registry agree about each server. */
  async function assertAgreement(): Promise<void> {
    const running = await Promise.all(
      ids.map(async (id) => (await processesWith(mark(id))).some(({ command }) => /node/i.test(command))),
    );
    const states = ids.map((id) => !isIdle(registry.get(id).state));
    assert.deepEqual(running, states);
    const pids = ids.flatMap((id) => {
      const { state } = registry.get(id);
      return 'run' in state ? [state.run.process.pid] : [];
    });
    assert.equal(new Set(pids).size, pids.length);
  }

  it('starts a server once for several callers at the same time, and lists it', async () => {
    await Promise.all([lifecycle.start('one'), lifecycle.start('one'), lifecycle.start('two')]);
    assert.deepEqual(
      registry.current.servers.map(({ definition: { id }, state }) => [id, isIdle(state)]),
      ids.map((id) => [id, !['one', 'two'].includes(id)]),
    );
    await assertAgreement();
    await Promise.all([lifecycle.stop('one'), lifecycle.stop('one'), lifecycle.restart('two')]);
    await assertAgreement();
  });

  it('carries out starts, stops and restarts of all servers at the same time', async () => {
    const operations = Array.from({ length: 15 }, (_, index) => {
      const id = ids[index % ids.length] ?? '';
      if (index % 3 === 0) return lifecycle.start(id);
      return index % 3 === 1 ? lifecycle.stop(id) : lifecycle.restart(id);
    });
    const results = await Promise.allSettled(operations);
    // A stop cancels a start that waits for its process.
    for (const result of results)
      if (result.status === 'rejected')
        assert.equal((result.reason as Partial<ServerError>).reason, 'cancelled', String(result.reason));
    await Promise.all(ids.map((id) => lifecycle.start(id)));
    await assertAgreement();
  });

  it('ends starts under way when it is closed, and refuses later ones', async () => {
    const starts = ids.map((id) => lifecycle.start(id));
    const cleanup = lifecycle.cleanup();
    const late = ids.map((id) => lifecycle.restart(id));
    const results = await Promise.allSettled([...starts, ...late]);
    assert.deepEqual(await cleanup, { survivors: [] });
    const reasons = results.flatMap((result) =>
      result.status === 'rejected' && result.reason instanceof ServerError ? [result.reason.reason] : [],
    );
    assert.deepEqual([...new Set(reasons)], ['closed']);
    await assertAgreement();
  });
});
