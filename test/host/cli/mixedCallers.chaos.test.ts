import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { ToolName } from '../../../src/core/agents/names.js';
import type { AgentCaller } from '../../../src/core/agents/context.js';
import { addressOf } from '../../../src/core/server/stateQueries.js';
import { builtFile } from '../../support/builtFile.js';
import { serverPidsWith } from '../../support/processes.js';
import { nodeProgram } from '../../support/serverProgram.js';
import { AgentHost } from '../support/agentHost.js';
import { answerOf, startCommand } from './support/commandLine.js';

/** Variable by which the processes of each server are found. */
// Another run of this test on the machine has its own.
const marker = `MIXED_CALLERS_${process.pid}`;

const server = `require('node:http').createServer((request, response) => response.end(process.env.${marker}))
  .listen(0, '127.0.0.1', function () { console.log('at http://127.0.0.1:' + this.address().port + '/'); })`;

/** Servers that callers only ask for, and servers that they also stop and restart. */
const steady = ['web', 'api'];
const moving = ['jobs', 'mail'];

type Operation = 'start' | 'stop' | 'restart';

/** The result of a call: the URL, or the code of a failure. */
interface Answer {
  readonly url?: unknown;
  readonly error?: unknown;
}

/** Runs an operation through one of the interfaces. */
type Caller = (operation: Operation, id: string) => Promise<Answer>;

/**
 * Failures that are correct if other callers stop or restart the same server, or start it during a question, at the
 * same time.
 */
const expectedFailures = new Set<unknown>(['notReady', 'notAllowed', 'cancelled', 'failed']);

/** Time for which the callers call, milliseconds; a minute in the nightly run. */
const durationMs = process.env['CHAOS_ROUNDS'] === undefined ? 5000 : 60_000;

describe('fifty callers of a window by its rows, the chat, MCP and the command line', () => {
  let host: AgentHost;
  const clients: Client[] = [];
  const children = new Set<ChildProcess>();
  beforeEach(async () => {
    host = new AgentHost();
    host.answer = 'accepted';
    await host.defineServers(
      [...steady, ...moving].map((id) => ({
        id,
        name: id,
        folder: 'shop',
        subfolder: '',
        command: nodeProgram('-e', server),
        cwd: host.folder,
        env: { [marker]: id },
        port: undefined,
        source: 'settings',
      })),
    );
    await host.open();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    for (const child of children) child.kill('SIGKILL');
    await host.end();
  });

  const addressIn = (id: string): string | undefined => addressOf(host.registry.get(id).state);
  const byRow: Caller = async (operation, id) => {
    if (operation === 'start') await host.lifecycle.start(id);
    else if (operation === 'stop') await host.lifecycle.stop(id);
    else await host.lifecycle.restart(id);
    return {};
  };
  const byChat: Caller = async (operation, id) => {
    const caller: AgentCaller = {
      origin: { kind: 'agent', name: 'Chat', caller: 'chat' },
      signal: new AbortController().signal,
    };
    const tool: ToolName = `devservers_${operation}_server`;
    return (await host.tools.call(tool, { id }, caller)).data;
  };
  const byMcp =
    (client: Client): Caller =>
    async (operation, id) => {
      const name = `devservers_${operation}_server`;
      const { structuredContent, content } = await client.callTool({ name, arguments: { id } });
      return (structuredContent as Answer | undefined) ?? { error: JSON.stringify(content) };
    };
  const byCommandLine: Caller = async (operation, id) => {
    const command = operation === 'start' ? 'ensure' : operation;
    const child = startCommand([command, id, '--json'], host.folder, { DEV_SERVERS_WINDOWS: host.records });
    children.add(child);
    const { stdout, stderr } = await answerOf(child);
    children.delete(child);
    return stdout === '' ? { error: stderr } : (JSON.parse(stdout) as Answer);
  };

  async function mcpClient(name: string): Promise<Client> {
    const client = new Client({ name, version: '1' });
    clients.push(client);
    const args = [builtFile('mcp.js'), host.records];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd: host.folder }));
    return client;
  }

  it('get the right answer each time, and start no second process of a server', async () => {
    for (const id of steady) assert.ok((await byChat('start', id)).url);
    const urls = new Map(steady.map((id) => [id, addressIn(id)]));
    /** All addresses that each of the other servers has had. */
    const seen = new Map(moving.map((id) => [id, new Set<string>()]));
    host.registry.onDidChange(() => {
      for (const id of moving) {
        const address = addressIn(id);
        if (address !== undefined) seen.get(id)?.add(address);
      }
    });
    const mcp = (await Promise.all(['one', 'two'].map(mcpClient))).map(byMcp);
    const kinds: readonly Caller[] = [byRow, byChat, ...mcp, byCommandLine];
    const counts = [12, 12, 10, 10, 6];
    const callers = kinds.flatMap((caller, index) => Array<Caller>(counts[index] ?? 0).fill(caller));
    assert.equal(callers.length, 50);

    const wrong: unknown[] = [];
    const calls = new Map<Caller, number>();
    const deadline = performance.now() + durationMs;
    const keepCalling = async (caller: Caller, seed: number): Promise<void> => {
      // This process is the window, too: if all command-line processes ran at once, it could not answer them.
      await new Promise((resolve) => setTimeout(resolve, seed * 60));
      for (let round = seed; round === seed || performance.now() < deadline; round += 1) {
        const isSteady = round % 2 === 0;
        const ids = isSteady ? steady : moving;
        const id = ids[(round >> 1) % ids.length] ?? '';
        const operation = isSteady ? 'start' : (['start', 'stop', 'restart'] as const)[round % 3];
        const answer = await caller(operation ?? 'start', id).catch((error: unknown) => ({ error }));
        calls.set(caller, (calls.get(caller) ?? 0) + 1);
        if (!isRight(answer, id, isSteady, caller)) wrong.push({ operation, id, answer });
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    const isRight = ({ url, error }: Answer, id: string, isSteady: boolean, caller: Caller): boolean => {
      if (isSteady) return error === undefined && (caller === byRow || url === urls.get(id));
      // A row returns no answer, and fails with a message if another caller stops the server.
      if (caller === byRow) return true;
      if (error !== undefined) return expectedFailures.has(error);
      return typeof url !== 'string' || seen.get(id)?.has(url) === true;
    };
    const watching = watchProcesses(() => performance.now() < deadline);
    await Promise.all(callers.map(keepCalling));
    assert.deepEqual([wrong, await watching], [[], []]);
    for (const caller of kinds) assert.ok((calls.get(caller) ?? 0) > 0);
    assert.deepEqual(
      await Promise.all(steady.map(async (id) => (await fetch(addressIn(id) ?? '')).text())),
      steady,
    );
    assert.deepEqual(
      steady.map((id) => addressIn(id)),
      [...urls.values()],
    );
  });

  /** Returns the servers that ever had more than one process. */
  async function watchProcesses(goesOn: () => boolean): Promise<readonly string[]> {
    const several = new Set<string>();
    const ids = [...steady, ...moving];
    for (let look = 0; goesOn(); look += 1) {
      const id = ids[look % ids.length] ?? '';
      // Reads all processes of the machine at once, so it must not be done often.
      if (serverPidsWith(`${marker}=${id}\0`).length > 1) several.add(id);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return [...several];
  }
});
