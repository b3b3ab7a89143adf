import { commands, window, workspace } from 'vscode';
import { readyRule } from '../../src/core/readiness/readyRule.js';
import { activeApi, stateOf, stopAll } from '../../test/vscode/support/servers.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { timed } from '../harness/time.js';

const [file, ...args] = ['/bin/sleep', '1000'];
const server = 'workspace:bench';

/** Measures a start, compared with a terminal of VS Code, in one window. */
export async function terminal(setup: Setup): Promise<PartResult> {
  const api = await activeApi();
  const configuration = workspace.getConfiguration('devServers');
  await configuration.update('servers', [{ id: 'bench', command: 'exec sleep 1000' }], false);
  await configuration.update('showTerminalOnStart', false, false);
  await commands.executeCommand('devServers.refresh');
  const times = { terminal: [] as number[], host: [] as number[], command: [] as number[] };
  const start = async (runId: string): Promise<void> =>
    api.processes.start({
      runId,
      serverId: 'bench',
      command: { kind: 'argv', file, args },
      cwd: '/',
      env: {},
      port: undefined,
      ready: readyRule(undefined, undefined),
    });
  const stop = (runId: string): Promise<unknown> =>
    api.processes.stop({ runId, signal: 'SIGKILL', graceMs: 0 });
  const first = api.processes.newRunId();
  await start(first);
  await stop(first);
  for (let round = 0; round < rounds(setup, 40); round += 1) {
    const shown = window.createTerminal({ name: 'bench', shellPath: file, shellArgs: args });
    times.terminal.push(await timed(() => shown.processId));
    shown.dispose();
    const runId = api.processes.newRunId();
    times.host.push(await timed(() => start(runId)));
    await stop(runId);
    times.command.push(
      await timed(async () => {
        await commands.executeCommand('devServers.start', server);
        await stateOf(api, server, 'starting');
      }),
    );
    await stopAll(api);
  }
  await configuration.update('servers', undefined, false);
  await configuration.update('showTerminalOnStart', undefined, false);
  return {
    title: 'Start of one server, compared with a terminal of VS Code',
    method:
      'In the extension host of an otherwise idle real window: `createTerminal` with a program instead of a shell, until its pid is known; in turns with the same start by the process host, and by the command of the start button.',
    rows: compared('ms', [
      { who: 'createTerminal', values: times.terminal },
      { who: 'ours, process host', values: times.host },
      { who: 'ours, command', values: times.command },
    ]),
    marks: [
      mark({
        what: 'start → pid, compared with createTerminal',
        ours: median(times.host),
        unit: 'ms',
        baseline: median(times.terminal),
        about: 'ratio',
        atMost: 0.1,
      }),
    ],
    missing: [],
  };
}
