import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as allOf } from 'node:stream/consumers';
import { it } from 'vitest';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';
import { AgentConnection, helloTimeoutMs } from '../../../src/mcp/bridge/agentConnection.js';

it('an agent is told when the tools cannot be loaded, and may call again', async () => {
  const call = (): Promise<never> => Promise.reject(new Error('EMFILE.'));
  const server = createServer(
    (socket) => new AgentConnection(socket, { token: 'secret', platform: currentPlatform(), call }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
  const send = (message: object): boolean => client.write(`${JSON.stringify(message)}\n`);
  send({ kind: 'hello', version: 2, token: 'secret', agent: 'test', pid: process.pid });
  send({ kind: 'call', request: 1, tool: 'devservers_list_servers', input: {} });
  let text = '';
  for await (const chunk of client) {
    text += String(chunk);
    if (text.includes('"answer"')) break;
  }
  server.close();
  const answer: unknown = JSON.parse(text.split('\n')[1] ?? '');
  assert.deepEqual(answer, {
    kind: 'answer',
    request: 1,
    answer: {
      text: 'The extension could not be loaded: EMFILE. Try again, or reload the window.',
      data: { error: 'failed' },
      failed: true,
    },
  });
});

/** Sends its token, creates a file when it has, and prints the answer. */
const client = `const client = require('net').connect(Number(process.argv[1]), '127.0.0.1', () => {
  const hello = { kind: 'hello', version: 2, token: 'secret', agent: 'test', pid: process.pid };
  client.write(JSON.stringify(hello) + '\\n', () => require('fs').writeFileSync(process.argv[2], ''));
});
client.on('data', (chunk) => { process.stdout.write(chunk); client.destroy(); });`;

it('a busy window reads the token that a client has sent meanwhile, before it gives the client up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dev-servers-hello-'));
  const sent = join(folder, 'sent');
  const call = (): Promise<never> => Promise.reject(new Error('No tool is called.'));
  const connections: AgentConnection[] = [];
  const server = createServer((socket) => {
    connections.push(new AgentConnection(socket, { token: 'secret', platform: currentPlatform(), call }));
    // The token arrives while nothing is read, and nothing is read until the time of the client is over.
    while (!existsSync(sent)) block(20);
    block(helloTimeoutMs + 100);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, ['-e', client, String(port), sent], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.equal(await allOf(child.stdout), '{"kind":"welcome"}\n');
  for (const connection of connections) connection.close();
  server.close();
  await rm(folder, { recursive: true });
});

/** Blocks the thread, as a busy extension does. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
