import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { commands, extensions, LanguageModelTextPart, lm, workspace } from 'vscode';
import type { DevServersApi } from '../../../src/api.js';
import type { TestHooks } from '../../../src/composition/extensionRuntime.js';
import { addressOf } from '../../../src/core/server/stateQueries.js';
import { pidsWith, serverPidsWith, until } from '../../support/processes.js';
import { callMcp, mcpClient, recordFolder } from '../support/mcpClient.js';
import { activeApi, addressIn, agreeToStart, recordOf, stateOf, stopAll } from '../support/servers.js';

// Another run of this test on the machine has its own.
const marker = `MANY_CALLERS_${process.pid}`;
const names = Array.from({ length: 10 }, (_, index) => `many-${index}`);
const ids = names.map((name) => `workspace:${name}`);
const script = `const s = require('http').createServer((_, a) => a.end()).listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + s.address().port))`;

/** Time for which callers cross each other, seconds; once each by default, for a minute in the nightly run. */
const seconds = Number(process.env['CALLERS_SECONDS'] ?? 0);

/** Errors of a call that another one crosses. */
const crossed = /^(?:notAllowed|notReady)$/u;

/** Returns the process ids of the windows that agents can reach. */
function recordedPids(folder: string): readonly number[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return files.map((name) => {
    const record = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { process: { pid: number } };
    return record.process.pid;
  });
}

type Operation = 'start' | 'stop' | 'restart';
/** Runs an operation through one of the interfaces. Returns the URL, or the reason of a failure. */
type Caller = (operation: Operation, id: string) => Promise<string | undefined>;

describe('ten servers and fifty callers at once', function () {
  let api: TestHooks;
  let exported: DevServersApi;
  let commandLine = '';
  let records = '';
  const clients: Client[] = [];
  let callers: readonly Caller[] = [];

  before(async () => {
    api = await activeApi();
    const extension = extensions.getExtension<DevServersApi>('dev-server-registry.dev-server-registry');
    assert.ok(extension);
    exported = extension.exports;
    commandLine = join(extension.extensionPath, 'dist/cli.js');
    records = await recordFolder();
    // The window opens its socket a second after activation.
    await until('the record of this window', () => recordedPids(records).includes(process.pid));
    const servers = names.map((id) => ({
      id,
      command: `exec "${process.execPath}" -e "eval(Buffer.from('${Buffer.from(script).toString('base64')}', 'base64').toString())"`,
      env: { [marker]: id },
    }));
    await workspace.getConfiguration('devServers').update('servers', servers, false);
    await commands.executeCommand('devServers.refresh');
    // An agent may ask before the first start of the user is known, and the editor shows no dialog in tests.
    agreeToStart(api, ...ids.map((id) => recordOf(api, id)));
    for (const name of ['one', 'two', 'three']) clients.push(await mcpClient(name));
    callers = [byCommand, byRow, byTool, byApi, ...clients.map((client) => byMcp(client)), byCommandLine];
  });
  after(async () => {
    for (const client of clients) await client.close();
    await commands.executeCommand('notifications.clearAll');
    await stopAll(api);
    await workspace.getConfiguration('devServers').update('servers', undefined, false);
    await commands.executeCommand('devServers.refresh');
    assert.deepEqual(pidsWith(`${marker}=`), []);
  });

  const byCommand: Caller = async (operation, id) => {
    await commands.executeCommand(`devServers.${operation}`, id);
    return undefined;
  };
  const byRow: Caller = async (operation, id) => {
    await commands.executeCommand(`devServers.${operation}`, { kind: 'server', id });
    return undefined;
  };
  const byTool: Caller = async (operation, id) => {
    const name = `devservers_${operation}_server`;
    const { content } = await lm.invokeTool(name, { input: { id }, toolInvocationToken: undefined });
    const [text, data] = content;
    assert.ok(text instanceof LanguageModelTextPart && data instanceof LanguageModelTextPart);
    return urlOrError(JSON.parse(data.value) as Record<string, unknown>, text.value);
  };
  const byApi: Caller = async (operation, id) => {
    try {
      return (await exported[operation](id)).url;
    } catch (error) {
      const { reason, message } = error as { reason?: unknown; message?: unknown };
      return urlOrError({ error: String(reason) }, String(message));
    }
  };
  const byMcp =
    (client: Client): Caller =>
    async (operation, id) => {
      const { data, text, isError } = await callMcp(client, `devservers_${operation}_server`, { id });
      return urlOrError({ ...(isError && { error: 'failed' }), ...data }, text);
    };
  const byCommandLine: Caller = async (operation, id) => {
    const command = operation === 'start' ? 'ensure' : operation;
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', DEV_SERVERS_WINDOWS: records };
    const cwd = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const answer = await new Promise<string>((resolve) => {
      execFile(process.execPath, [commandLine, command, id, '--json'], { cwd, env }, (_, stdout) =>
        resolve(stdout),
      );
    });
    const data = JSON.parse(answer) as Record<string, unknown>;
    return urlOrError(data, String(data['message']));
  };

  /** Returns the URL or the error of an answer, and the text of an error that does not explain itself. */
  function urlOrError({ url, error }: Record<string, unknown>, text: string): string | undefined {
    if (typeof error === 'string') return crossed.test(error) ? error : `${error}: ${text}`;
    return typeof url === 'string' ? url : undefined;
  }

  /** Checks repeatedly that no server has more than one process. */
  async function watchingProcesses<Result>(action: () => Promise<Result>): Promise<Result> {
    const abort = new AbortController();
    const duplicates: string[] = [];
    const watch = async (): Promise<void> => {
      while (!abort.signal.aborted) {
        for (const name of names) {
          const pids = serverPidsWith(`${marker}=${name}\0`);
          if (pids.length > 1) duplicates.push(`${name}: ${pids.join(', ')}`);
        }
        // Accept every question of the agents.
        await commands.executeCommand('notification.acceptPrimaryAction');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    const watching = watch();
    try {
      return await action();
    } finally {
      abort.abort();
      await watching;
      assert.deepEqual(duplicates, []);
    }
  }

  /** Runs fifty operations; callers and servers alternate, so that each server is called through several interfaces. */
  function fiftyCalls(
    operationOf: (index: number) => Operation,
  ): Promise<readonly { id: string; caller: Caller | undefined; answer: string | undefined }[]> {
    return Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const id = ids[index % ids.length] ?? '';
        const caller = callers[Math.floor(index / ids.length + index) % callers.length];
        return { id, caller, answer: await caller?.(operationOf(index), id) };
      }),
    );
  }

  it('start one process of each server, and every answer has its address', async () => {
    const answers = await watchingProcesses(() => fiftyCalls(() => 'start'));
    const addresses = new Map<string, string>();
    for (const id of ids) addresses.set(id, addressIn(await stateOf(api, id, 'ready')));
    const told = answers.filter(({ caller }) => caller !== byCommand && caller !== byRow);
    const wrong = told.filter(({ id, answer }) => answer !== addresses.get(id));
    assert.deepEqual([wrong, new Set(addresses.values()).size], [[], ids.length]);
    assert.deepEqual(
      names.map((name) => serverPidsWith(`${marker}=${name}\0`).length),
      names.map(() => 1),
    );
  });

  it('start, stop and restart them crosswise, with a correct answer for each, never a second process, and no process left', async () => {
    const operations = ['start', 'stop', 'restart', 'start', 'restart'] as const;
    /** All addresses that each server has had. */
    const seen = new Map(ids.map((id) => [id, new Set<string>()]));
    const unsubscribe = api.registry.onDidChange(({ servers }) => {
      for (const { definition, state } of servers) {
        const address = addressOf(state);
        if (address !== undefined) seen.get(definition.id)?.add(address);
      }
    });
    const isRight = (id: string, answer: string | undefined): boolean =>
      answer === undefined || crossed.test(answer) || seen.get(id)?.has(answer) === true;
    const deadline = performance.now() + seconds * 1000;
    await watchingProcesses(async () => {
      for (let round = 0; round === 0 || performance.now() < deadline; round += 1) {
        const answers = await fiftyCalls(
          (index) => operations[(index * 7 + round) % operations.length] ?? 'start',
        );
        assert.deepEqual(
          answers.filter(({ id, answer }) => !isRight(id, answer)),
          [],
        );
      }
    }).finally(unsubscribe);
    await commands.executeCommand('devServers.stopAll');
    await until('the end of all', () => ids.every((id) => recordOf(api, id).state.kind === 'stopped'));
    assert.deepEqual(pidsWith(`${marker}=`), []);
  });
});
