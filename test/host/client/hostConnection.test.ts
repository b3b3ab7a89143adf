import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it, vi } from 'vitest';
import { Deferred } from '../../../src/core/deferred.js';
import { connectToHeld } from '../../../src/host/client/hostConnection.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';

describe('the connection to a process host of an earlier window', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('reports the end of a process host that exits while it is signalled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dev-servers-connection-'));
    const address = join(folder, 'socket');
    const server = createServer().listen(address);
    await once(server, 'listening');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    await once(child, 'spawn');
    const exit = once(child, 'exit');
    const host = (await currentPlatform().identify(child.pid ?? 0)) ?? assert.fail('no process');
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const link = { protocol: 1, address, token: '', heldUntil: 0 };
    const gone = new Deferred<string>();
    const listeners = { onValues: () => undefined, onGone: (reason: string) => gone.resolve(reason) };
    const connection = await connectToHeld(host, link, listeners);
    connection.isAccepted = true;
    vi.spyOn(process, 'kill').mockImplementationOnce(() => {
      child.kill('SIGKILL');
      throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
    });
    (await accepted)[0].destroy();
    assert.equal(await gone.promise, 'it ended');
    await exit;
    server.close();
    rmSync(folder, { recursive: true });
  });
});
