import { commands, window, workspace } from 'vscode';
import { until } from '../../test/support/processes.js';
import { lagP99 } from '../../test/vscode/support/lag.js';
import { activeApi, stateOf, stopAll } from '../../test/vscode/support/servers.js';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import type { Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { timed } from '../harness/time.js';
import { addressOf } from '../../src/core/server/stateQueries.js';

const line = 'a line of a flood, about as long as lines are';
const megabytes = 4;
const bounded = `yes "${line}" | head -c ${megabytes}000000`;

/** Measures the lag of the editor while a server writes as fast as possible. */
export async function flood(setup: Setup): Promise<PartResult> {
  const api = await activeApi();
  const configuration = workspace.getConfiguration('devServers');
  const servers = [
    { id: 'flood', command: `yes "${line}"` },
    { id: 'bounded', command: bounded },
  ];
  await configuration.update('servers', servers, false);
  await commands.executeCommand('devServers.refresh');
  const lag = { idle: [] as number[], hidden: [] as number[], shown: [] as number[] };
  const speed = { editor: [] as number[], shown: [] as number[], hidden: [] as number[] };
  for (let round = 0; round < (setup.isQuick ? 1 : 3); round += 1) {
    lag.idle.push(await lagP99());
    for (const [name, isShown] of [
      ['hidden', false],
      ['shown', true],
    ] as const) {
      await configuration.update('showTerminalOnStart', isShown, false);
      lag[name].push(await lagDuring(api));
      speed[name].push(megabytes / (await secondsInServer(api)));
    }
    speed.editor.push(megabytes / (await secondsInEditor()));
  }
  await configuration.update('servers', undefined, false);
  await configuration.update('showTerminalOnStart', undefined, false);
  await commands.executeCommand('devServers.refresh');
  return {
    title: 'The editor while a server floods its terminal',
    method: `In the extension host of a real window: the delay of timers (99th percentile of 3 s each, without the time for which the process waited for a processor) while \`yes\` runs forever; and how fast ${megabytes} MB of its output are processed, from the start of the program to the verified end. A terminal of VS Code slows the program down until the screen has shown all output; ours, when shown, skips output on the screen that is more than a second behind, and keeps all of it in the log.`,
    rows: [
      ...compared('ms of lag, p99', [
        { who: 'lag when idle', values: lag.idle },
        { who: 'lag, ours hidden', values: lag.hidden },
        { who: 'lag, ours shown', values: lag.shown },
      ]),
      ...compared('MB/s', [
        { who: 'terminal of VS Code, shown', values: speed.editor },
        { who: 'ours, shown', values: speed.shown },
        { who: 'ours, hidden', values: speed.hidden },
      ]),
    ],
    marks: [
      mark({
        what: 'extension host lag p99, hidden',
        ours: median(lag.hidden),
        unit: 'ms',
        baseline: median(lag.idle),
        atMost: 20,
      }),
      mark({
        what: 'extension host lag p99, shown',
        ours: median(lag.shown),
        unit: 'ms',
        baseline: median(lag.idle),
        atMost: 50,
      }),
    ],
    missing: [],
  };
}

async function lagDuring(api: TestHooks): Promise<number> {
  await commands.executeCommand('devServers.start', 'workspace:flood');
  const state = await stateOf(api, 'workspace:flood', 'starting');
  if (addressOf(state) !== undefined) throw new Error('The flood has a URL.');
  const lag = await lagP99();
  await stopAll(api);
  return lag;
}

async function secondsInServer(api: TestHooks): Promise<number> {
  const milliseconds = await timed(async () => {
    await commands.executeCommand('devServers.start', 'workspace:bounded');
    await until('the end of the bounded flood', () => hasEnded(api));
  });
  return milliseconds / 1000;
}

async function secondsInEditor(): Promise<number> {
  const milliseconds = await timed(async () => {
    const terminal = window.createTerminal({
      name: 'flood',
      shellPath: '/bin/sh',
      shellArgs: ['-c', bounded],
    });
    terminal.show(true);
    await new Promise<void>((resolve) => {
      const closing = window.onDidCloseTerminal((closed) => {
        if (closed !== terminal) return;
        closing.dispose();
        resolve();
      });
    });
  });
  return milliseconds / 1000;
}

function hasEnded(api: TestHooks): boolean {
  return ['stopped', 'crashed'].includes(api.registry.get('workspace:bounded').state.kind);
}
