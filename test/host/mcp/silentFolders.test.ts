import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { builtFile } from '../../support/builtFile.js';
import { withSilent } from '../../support/silentFolders.js';
import { AgentHost } from '../support/agentHost.js';

/** More than Node's threads for files. */
const names = ['one', 'two', 'three', 'four', 'five'];

describe('a folder whose file system does not answer', () => {
  let host: AgentHost;
  let other: AgentHost;
  let silent: readonly string[];
  beforeEach(() => {
    [host, other] = [new AgentHost(), new AgentHost()];
    silent = names.map((name) => join(host.folder, name));
    for (const folder of silent) mkdirSync(folder);
  });
  afterEach(async () => {
    await other.end();
    await host.end();
  });

  it('keeps no agent of another window waiting', async (context) => {
    const [command, ...args] = withSilent(context, silent, [
      process.execPath,
      builtFile('mcp.js'),
      host.records,
    ]);
    await host.define({ web: '' });
    await host.open();
    await other.open(
      silent.map((folder) => join(folder, 'app')),
      host.records,
    );
    const client = new Client({ name: 'tester', version: '1' });
    await client.connect(new StdioClientTransport({ command, args, cwd: host.folder, stderr: 'inherit' }));
    try {
      const answer = await client.callTool({ name: 'devservers_list_servers', arguments: {} });
      assert.equal(answer.isError === true, false, JSON.stringify(answer.content));
    } finally {
      await client.close();
    }
  });

  it('is told by a command in it, which ends', async (context) => {
    const [folder = ''] = silent;
    const [command, ...args] = withSilent(context, silent, [
      process.execPath,
      builtFile('cli.js'),
      'list',
      '-C',
      folder,
    ]);
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'pipe'] });
    const [said] = await Promise.all([text(child.stderr), once(child, 'close')]);
    assert.equal(said, 'The file system did not answer within 10 s.\n');
  });
});
