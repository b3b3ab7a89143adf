import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { AgentHost } from '../support/agentHost.js';
import { answerOf, startCommand } from './support/commandLine.js';

interface Finding {
  readonly status: string;
  readonly text: string;
  readonly advice?: string;
}

describe('the doctor of the command line', () => {
  let host: AgentHost;
  let listener: Server | undefined;
  beforeEach(() => {
    host = new AgentHost();
  });
  afterEach(async () => {
    listener?.close();
    await host.end();
  });

  const write = (path: string, content: unknown): void => {
    mkdirSync(join(host.folder, path, '..'), { recursive: true });
    writeFileSync(join(host.folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const diagnose = async (cwd = host.folder, ...args: string[]) => {
    const child = startCommand(['doctor', '--json', ...args], cwd, {
      HOME: host.folder,
      DEV_SERVERS_WINDOWS: host.records,
    });
    const { code, stdout } = await answerOf(child);
    const findings = JSON.parse(stdout) as Finding[];
    const text = findings.filter(({ status }) => status !== 'ok').map((each) => each.text);
    assert.equal(
      findings.every(({ status, advice }) => status === 'ok' || (advice ?? '').length > 20),
      true,
    );
    return { code, text };
  };
  const web = { servers: [{ id: 'web', command: 'node server.mjs' }] };

  it('finds nothing wrong where a window shows the servers', async () => {
    write('.vscode/dev-servers.json', web);
    await host.open();
    assert.deepEqual(await diagnose(), { code: 0, text: [] });
  });

  it('says what is wrong with the files of a folder', async () => {
    await host.open();
    assert.deepEqual(await diagnose(), { code: 1, text: ['The files of the folder document no server.'] });
    write('.vscode/dev-servers.json', { servers: [...web.servers, { id: 'bad', command: 7 }] });
    const invalid = await diagnose();
    assert.deepEqual([invalid.code, invalid.text.length], [1, 1]);
    assert.match(invalid.text[0] ?? '', /dev-servers\.json.*"command"/u);
    write('.vscode/dev-servers.json', web);
    write('package.json', { dependencies: { vite: '*' } });
    write('.env.example', 'KEY=');
    assert.deepEqual(await diagnose(), {
      code: 1,
      text: [
        `The packages of ${host.folder} are not installed: there is no node_modules.`,
        `${host.folder} has .env.example, but no .env.`,
      ],
    });
    const missing = await diagnose(host.folder, '-C', 'missing');
    assert.deepEqual(missing, { code: 1, text: [`${join(host.folder, 'missing')} is not a folder.`] });
  });

  it('says why no window answers', async () => {
    write('.vscode/dev-servers.json', web);
    assert.match((await diagnose()).text.join('\n'), /^No editor of this user has opened a window/u);
    await host.open(['/elsewhere']);
    assert.deepEqual(await diagnose(), {
      code: 0,
      text: [`No window has ${realpathSync(host.folder)} open. Open are: /elsewhere.`],
    });
    write('tree/.git', `gitdir: ${join(host.folder, '.git/worktrees/tree')}\n`);
    write('tree/.vscode/dev-servers.json', web);
    const worktree = join(host.folder, 'tree');
    assert.deepEqual((await diagnose(worktree)).text, [
      `${worktree} is a git worktree that no window has open. Open are: /elsewhere.`,
    ]);
  });

  it('says what keeps the window from answering, and which servers are in trouble', async () => {
    write('.vscode/dev-servers.json', web);
    await host.define({ web: 'process.exit(3)' });
    await host.open();
    host.isTrusted = false;
    const untrusted = await diagnose();
    assert.deepEqual(
      [untrusted.code, /has not trusted this workspace/u.test(untrusted.text.join())],
      [1, true],
    );
    host.isTrusted = true;
    host.isEnabled = false;
    assert.match((await diagnose()).text.join(), /switched agents off/u);
    host.isEnabled = true;
    const ended = new Promise<void>((resolve) => {
      const unsubscribe = host.registry.onDidChange(() => {
        if (host.registry.get('web').state.kind !== 'crashed') return;
        unsubscribe();
        resolve();
      });
    });
    await host.lifecycle.start('web');
    await ended;
    assert.deepEqual((await diagnose()).text, ['web has crashed.']);
  });

  it('says which program uses the port of a server', async () => {
    listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    write('.vscode/dev-servers.json', { servers: [{ ...web.servers[0], port }] });
    await host.open();
    const { code, text } = await diagnose();
    assert.equal(code, 0);
    assert.match(text.join(), new RegExp(`^Port ${port}, which \\S+:web uses, is in use by`, 'u'));
  });
});
