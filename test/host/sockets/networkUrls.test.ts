import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it } from 'vitest';
import { networkUrls } from '../../../src/host/sockets/networkUrls.js';

describe.skipIf(process.platform === 'darwin')('the URLs for other devices', () => {
  it('are those of the addresses at which the server listens', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.2', resolve));
    const { port } = server.address() as AddressInfo;
    const urls = await networkUrls(`http://localhost:${port}/shop/`, ['127.0.0.2', '127.0.0.3']);
    await new Promise((resolve) => server.close(resolve));
    assert.deepEqual(urls, [`http://127.0.0.2:${port}/shop/`]);
  });
});
