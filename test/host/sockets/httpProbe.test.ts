import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { it } from 'vitest';
import { probeHttp } from '../../../src/host/sockets/httpProbe.js';

it('a probe by TLS asks for the host by name, and for none at an IP address, without a warning of Node', async () => {
  const asked: unknown[] = [];
  const warnings: unknown[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning.message);
  process.on('warning', onWarning);
  const [key, cert] = ['key', 'cert'].map((name) => readFileSync(`test/fixtures/tls/${name}.pem`));
  const server = createServer({ key, cert }, (_, response) => response.end());
  server.on('secureConnection', (socket) => asked.push(socket.servername));
  server.listen(0, '::');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    const { outcome } = await probeHttp({ url: `https://${host}:${port}/`, address: '127.0.0.1' });
    assert.deepEqual(outcome, { kind: 'status', status: 200 });
  }
  server.close();
  await once(server, 'close');
  process.off('warning', onWarning);
  assert.deepEqual([asked, warnings], [['localhost', false, false], []]);
});
