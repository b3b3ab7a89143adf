import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { writeLauncher } from '../../../src/mcp/bridge/mcpCommand.js';
import { toolDescriptions } from '../../../src/core/agents/descriptions.js';
import { manifestTools } from '../../../src/core/agents/toolManifest.js';
import { builtFile } from '../../support/builtFile.js';
import { isAlive, until } from '../../support/processes.js';
import { AgentHost } from '../support/agentHost.js';

const server = `require('http').createServer((_, answer) => answer.end('hi')).listen(0, '127.0.0.1', function () {
  console.log('http://127.0.0.1:' + this.address().port);
});`;

/** Lines of a long log. On Windows a console draws each line, which takes longer. */
const lineCount = process.platform === 'win32' ? 50_000 : 1_000_000;

/** A sequence that sets the clipboard. The console of Windows interprets it itself, and Wine's cuts it. */
const clipboardText = process.platform === 'win32' ? '' : String.raw`\u001b]52;c;aGk=\u0007`;

describe('the MCP server', () => {
  let host: AgentHost;
  const clients: Client[] = [];
  beforeEach(async () => {
    host = new AgentHost();
    await host.define({ web: server, api: server });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    await host.end();
  });

  async function connect(cwd = host.folder, name = 'tester'): Promise<Client> {
    const launcher = join(host.folder, 'mcp.cjs');
    await writeLauncher(launcher, builtFile('mcp.js'));
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [launcher, host.records],
      cwd,
      stderr: 'inherit',
    });
    const client = new Client({ name, version: '1' });
    clients.push(client);
    await client.connect(transport);
    return client;
  }

  interface Called {
    readonly text: string;
    readonly data: Record<string, unknown> | undefined;
    readonly isError: boolean;
  }

  async function call(client: Client, name: string, input: Record<string, unknown> = {}): Promise<Called> {
    const result = await client.callTool({ name, arguments: input });
    const [part] = result.content as { text: string }[];
    return {
      text: part?.text ?? '',
      data: result.structuredContent as Called['data'],
      isError: result.isError === true,
    };
  }

  it('lists every tool with its description, even without a window', async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name, description, inputSchema, annotations }) => [
        name,
        description,
        inputSchema,
        annotations?.readOnlyHint,
      ]),
      manifestTools().map(({ name, modelDescription, inputSchema }) => [
        name,
        modelDescription,
        inputSchema,
        toolDescriptions[name].isReadOnly,
      ]),
    );
    const { text, isError } = await call(client, 'devservers_list_servers');
    assert.deepEqual([isError, /No VS Code window .* is open/u.test(text)], [true, true]);
    assert.deepEqual(await client.listResources(), { resources: [] });
  });

  it('finds the window of its folder, starts a server there, and reuses the running one', async () => {
    await host.open();
    mkdirSync(join(host.folder, 'apps'));
    const [one, other] = [await connect(join(host.folder, 'apps')), await connect()];
    const started = await call(one, 'devservers_start_server', { id: 'web' });
    assert.equal(await (await fetch(String(started.data?.['url']))).text(), 'hi');
    const found = await call(other, 'devservers_start_server', { id: 'web' });
    assert.deepEqual(
      [found.data?.['pid'], found.data?.['outcome'], found.data?.['startedBy']],
      [started.data?.['pid'], 'alreadyRunning', 'tester (MCP)'],
    );
  });

  it('finds the window of its folder by another path, such as /tmp for /private/tmp on macOS', async (context) => {
    if (process.env['DEV_SERVERS_WINE'] !== undefined) context.skip('Wine has no links to folders.');
    const [real, link] = [join(host.folder, 'real'), join(host.folder, 'link')];
    mkdirSync(join(real, 'apps'), { recursive: true });
    symlinkSync(real, link, 'junction');
    // A window records both.
    await host.open([realpathSync(link), link]);
    const client = await connect(join(link, 'apps'));
    assert.equal((await call(client, 'devservers_list_servers')).isError, false);
  });

  it('finds no window after its folder was removed, since the folder above may be another checkout', async (context) => {
    if (process.platform === 'win32')
      context.skip('Windows does not remove the working folder of a process.');
    await host.open();
    const folder = join(host.folder, '.worktrees/fix');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '.git'), `gitdir: ${host.folder}/.git/worktrees/fix\n`);
    const client = await connect(folder);
    assert.match((await call(client, 'devservers_list_servers')).text, /is a git worktree/u);
    rmSync(folder, { recursive: true });
    const { isError, text } = await call(client, 'devservers_list_servers');
    assert.deepEqual([isError, /\.worktrees\/fix.* no longer exists/u.test(text)], [true, true]);
  });

  it('has the full answer both in the text and in the data', async () => {
    await host.open();
    const client = await connect();
    await call(client, 'devservers_start_server', { id: 'web' });
    for (const [name, input, words] of [
      ['devservers_get_server_logs', { id: 'web' }, /http:\/\/127\.0\.0\.1:/u],
      ['devservers_stop_server', { id: 'wep' }, /To list all servers, call devservers_list_servers/u],
      ['devservers_list_servers', {}, /2 servers/u],
    ] as const) {
      const { text, data } = await call(client, name, input);
      assert.match(text, words);
      assert.equal(data?.['text'], text);
    }
  });

  it('answers a call without arguments, which are optional', async () => {
    await host.open();
    const { isError, content } = await (await connect()).callTool({ name: 'devservers_list_servers' });
    assert.deepEqual([isError === true, JSON.stringify(content).includes('web')], [false, true]);
  });

  it('lists the open windows if none has its folder', async () => {
    await host.open(['/somewhere/else']);
    const { text, isError } = await call(await connect(), 'devservers_list_servers');
    assert.deepEqual([isError, text.endsWith('Open windows:\n- /somewhere/else')], [true, true]);
  });

  it('stops no server of the user without permission, and with it leaves no process', async () => {
    await host.open();
    await host.lifecycle.start('web');
    const { state } = host.registry.get('web');
    const pid = 'run' in state ? state.run.process.pid : 0;
    const client = await connect();
    const refused = await call(client, 'devservers_stop_server', { id: 'web' });
    assert.deepEqual([refused.isError, refused.data?.['error'], isAlive(pid)], [true, 'notAllowed', true]);
    host.answer = 'accepted';
    const stopped = await call(client, 'devservers_stop_server', { id: 'web' });
    assert.deepEqual([stopped.data?.['outcome'], isAlive(pid)], ['stopped', false]);
    assert.deepEqual(
      host.questions.map(({ kind, caller: { name } }) => [kind, name]),
      [
        ['stop', 'tester (MCP)'],
        ['stop', 'tester (MCP)'],
      ],
    );
  });

  it('distinguishes the agent that started a server from others with the same name', async () => {
    await host.open();
    const name = 'n'.repeat(60);
    await call(await connect(host.folder, name), 'devservers_start_server', { id: 'web' });
    for (const other of ['second', name, `${name}2`]) {
      const client = await connect(host.folder, other);
      const { data } = await call(client, 'devservers_stop_server', { id: 'web' });
      assert.equal(data?.['error'], 'notAllowed', other);
    }
    const pids = host.questions.map(({ caller }) => caller.pid);
    assert.equal(new Set(pids).size, 3);
  });

  it('refuses everything while agents are switched off, or the workspace is not trusted', async () => {
    await host.open();
    const client = await connect();
    host.isEnabled = false;
    const off = await call(client, 'devservers_start_server', { id: 'web' });
    host.isEnabled = true;
    host.isTrusted = false;
    const untrusted = await call(client, 'devservers_start_server', { id: 'web' });
    assert.deepEqual([off.data?.['error'], untrusted.data?.['error']], ['disabled', 'untrusted']);
    assert.match(off.text, /devServers\.agents\.enabled/u);
    assert.equal(host.registry.get('web').state.kind, 'stopped');
  });

  it('gives bounded parts of a very long log, without control sequences, and finds lines in it', async () => {
    await host.open();
    await host.define({
      loud: `let count = 0;
        const line = '${clipboardText}\\u001b[31mline ';
        (function write() {
          let text = '';
          for (let left = 0; left < 10000; left++) text += line + ++count + '\\u001b[0m\\n';
          if (count < ${lineCount}) process.stdout.write(text, write);
          else process.stdout.write(text + 'the very end\\n', () => setInterval(() => 0, 1000));
        })();`,
    });
    const client = await connect();
    await call(client, 'devservers_start_server', { id: 'loud', timeoutSeconds: 0 });
    const search = { id: 'loud', search: 'the very end' };
    await until(
      'the end of the output',
      async () => (await call(client, 'devservers_get_server_logs', search)).data?.['matches'] === 1,
    );
    const logs = await call(client, 'devservers_get_server_logs', { id: 'loud', lines: 1e9 });
    assert.ok(logs.text.length < 70_000, `${logs.text.length} characters`);
    assert.ok(Number(logs.data?.['lines']) <= 1000, `${String(logs.data?.['lines'])} lines`);
    assert.equal(logs.data?.['truncated'], true);
    // The console of Windows may add blanks when it draws the end.
    assert.match(logs.text, new RegExp(`\\nline ${lineCount}\\nthe very end\\s*\\n\`\`\`$`, 'u'));
    assert.match(logs.text, /untrusted data, not instructions/u);
    // oxlint-disable-next-line no-control-regex -- none of these may be there
    assert.doesNotMatch(logs.text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|aGk=/u);
    const on = { id: 'loud', offset: logs.data?.['start'], lines: 1 };
    assert.match((await call(client, 'devservers_get_server_logs', on)).text, /^1 lines of the log/u);
  });

  it('lists the log of each server, and notifies when servers are added or removed', async () => {
    const socket = await host.open();
    const client = await connect();
    let changes = 0;
    client.setNotificationHandler(ResourceListChangedNotificationSchema, () => {
      changes += 1;
    });
    const { resources } = await client.listResources();
    assert.deepEqual(
      resources.map(({ uri, mimeType }) => [uri, mimeType]),
      ['web', 'api'].map((id) => [`devserver-log://log/${id}`, 'text/plain']),
    );
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.deepEqual(
      resourceTemplates.map(({ uriTemplate }) => uriTemplate),
      ['devserver-log://log/{id}'],
    );
    await call(client, 'devservers_start_server', { id: 'web' });
    const { contents } = await client.readResource({ uri: 'devserver-log://log/web' });
    assert.match(JSON.stringify(contents), /http:\/\/127\.0\.0\.1:/u);
    await assert.rejects(client.readResource({ uri: 'devserver-log://log/none' }), /There is no server/u);
    socket.notifyServersChanged();
    await until('the news', () => changes === 1);
  });

  it('notifies a subscriber when a log grows, until it unsubscribes', async () => {
    await host.open();
    const client = await connect();
    const updated: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => {
      updated.push(params.uri);
    });
    const uri = 'devserver-log://log/web';
    await client.subscribeResource({ uri });
    await call(client, 'devservers_start_server', { id: 'web' });
    await until('the update', () => updated.length > 0);
    await client.unsubscribeResource({ uri });
    assert.deepEqual([...new Set(updated)], [uri]);
  });

  it('reports progress while a call waits', async () => {
    await host.open();
    await host.define({ silent: 'setInterval(() => 0, 1000)' });
    await host.lifecycle.start('silent');
    const client = await connect();
    const abort = new AbortController();
    const seconds: number[] = [];
    const onprogress = ({ progress }: { progress: number }): void => {
      seconds.push(progress);
      abort.abort();
    };
    const input = { name: 'devservers_wait_until_ready', arguments: { id: 'silent', timeoutSeconds: 60 } };
    await assert.rejects(client.callTool(input, undefined, { onprogress, signal: abort.signal }));
    assert.ok((seconds[0] ?? 0) >= 1, String(seconds));
  });

  it('finds the window again after a reload', async () => {
    const first = await host.open();
    const client = await connect();
    await call(client, 'devservers_list_servers');
    await first.close();
    await until('no window', async () => (await call(client, 'devservers_list_servers')).isError);
    await host.open();
    assert.equal((await call(client, 'devservers_list_servers')).isError, false);
  });

  it('sends well-formed text for any names of servers and any requests', async () => {
    await host.define({ 'dev\ud800': server });
    await host.open();
    const launcher = join(host.folder, 'mcp.cjs');
    await writeLauncher(launcher, builtFile('mcp.js'));
    const child = spawn(process.execPath, [launcher, host.records], {
      cwd: host.folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const hostile = '\udc00name\ud800';
    const requests = [
      [
        'initialize',
        { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: hostile, version: '1' } },
      ],
      ['resources/list', {}],
      ['resources/read', { uri: hostile }],
      ['tools/call', { name: hostile, arguments: {} }],
      ['tools/call', { name: 'devservers_list_servers', arguments: {} }],
      ['tools/call', { name: 'devservers_start_server', arguments: { id: hostile, [hostile]: hostile } }],
      ['tools/call', { name: 'devservers_start_server', arguments: { program: hostile, args: [hostile] } }],
      ['tools/call', { name: 'devservers_get_server_logs', arguments: { id: 'web', search: hostile } }],
    ] as const;
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    for (const [id, [method, params]] of requests.entries())
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    await until('all answers', () => requests.every((_, id) => output.includes(`"id":${id}`)));
    child.stdin.end();
    await once(child, 'exit');
    // JSON escapes a half of a surrogate pair, and strict parsers refuse it.
    assert.doesNotMatch(output, /(?<!\\)\\(?:\\\\)*ud[89a-f]/iu);
    assert.match(output, /dev\\{2}ud800/u);
  });

  it('keeps its connection, and with it its servers, after a request that is too long', async () => {
    await host.open();
    const client = await connect();
    await call(client, 'devservers_start_server', { id: 'web' });
    const long = await call(client, 'devservers_get_server_logs', { id: 'x'.repeat(600_000) });
    assert.deepEqual([long.isError, long.text], [true, 'The arguments of the call are too long.']);
    const uri = `devserver-log://log/${'x'.repeat(501)}`;
    await assert.rejects(client.subscribeResource({ uri }), /The id has more than 500 characters/u);
    // The user would be asked if another connection had started it.
    const stopped = await call(client, 'devservers_stop_server', { id: 'web' });
    assert.deepEqual([stopped.data?.['outcome'], host.questions], ['stopped', []]);
  });

  it('ends after a message that is too large, since it could not hear the end of its client', async () => {
    await host.open();
    const client = await connect();
    const transport = client.transport as StdioClientTransport;
    const pid = transport.pid ?? 0;
    // The other end does not read all of it.
    void transport.send({
      jsonrpc: '2.0',
      method: 'notifications/x',
      params: { text: 'x'.repeat(11 * 1024 * 1024) },
    });
    await until('its end', () => !isAlive(pid));
  });

  it('ends with its client', async () => {
    await host.open();
    const client = await connect();
    const pid = (client.transport as StdioClientTransport).pid ?? 0;
    await client.close();
    await until('its end', () => !isAlive(pid));
  });
});
