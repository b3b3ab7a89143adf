import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { window, type Terminal } from 'vscode';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import { until } from '../support/processes.js';
import { activeApi, agreeToStart, recordOf, stateOf, stopAll } from './support/servers.js';

const apiServer = 'workspace/apps/api:dev';

describe('the command line in a terminal of the editor', () => {
  let api: TestHooks;
  let terminal: Terminal;
  const folder = mkdtempSync(join(tmpdir(), 'dev-servers-terminal-'));
  before(async () => {
    api = await activeApi();
    terminal = window.createTerminal({ name: 'command line', shellPath: '/bin/sh' });
  });
  after(async () => {
    terminal.dispose();
    rmSync(folder, { recursive: true });
    await stopAll(api);
  });

  /** Runs a command in the terminal. Returns what it printed, and its exit code. */
  async function run(command: string, shell = terminal): Promise<string> {
    const [output, done] = ['output', 'done'].map((name) => join(folder, name));
    shell.sendText(
      `${command} > '${output}' 2>&1; echo ${shell.name === 'fish' ? '$status' : '$?'} > '${done}.new'; mv '${done}.new' '${done}'`,
    );
    const read = (path = ''): string => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return '';
      }
    };
    await until('the end of the command', () => read(done) !== '');
    const answer = `${read(output)}exit ${read(done)}`;
    rmSync(done ?? '');
    return answer;
  }

  it('is found on the PATH, and asks the window of the terminal', async () => {
    agreeToStart(api, recordOf(api, apiServer));
    const answer = await run(`devservers ensure ${apiServer}`);
    const { run: live } = await stateOf(api, apiServer, 'ready');
    assert.match(answer, /^http:\/\/\S+\nexit 0\n$/u);
    assert.match(await run('devservers list'), new RegExp(`${apiServer} +http`, 'u'));
    const { startedBy } = live;
    assert.equal(startedBy?.kind === 'agent' && startedBy.name, 'devservers (command line)');
  });

  for (const name of ['bash', 'zsh', 'fish']) {
    it(`is found on the PATH of ${name}`, async function () {
      const shellPath = `/usr/bin/${name}`;
      if (!existsSync(shellPath)) this.skip();
      const shell = window.createTerminal({ name, shellPath });
      try {
        assert.match(await run('devservers list', shell), new RegExp(`${apiServer}.*\nexit 0\n$`, 'su'));
      } finally {
        shell.dispose();
      }
    });
  }

  it('starts one server for 20 calls at once, which all get its URL', async function () {
    this.timeout(180_000);
    await stopAll(api);
    agreeToStart(api, recordOf(api, apiServer));
    const calls = `for i in $(seq 20); do devservers ensure ${apiServer} & done; wait`;
    const lines = (await run(`(${calls})`)).split('\n').filter((line) => line.startsWith('http'));
    assert.deepEqual([lines.length, new Set(lines).size], [20, 1]);
  });

  it('reports that no window has a folder open', async () => {
    assert.match(await run('devservers wait -C / --timeout 1'), /No open VS Code window .*\nexit 3\n$/su);
  });
});
