import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { JsonObject } from '../../src/core/agents/answer.js';
import type { ToolName } from '../../src/core/agents/names.js';
import { currentPlatform } from '../../src/host/platform/currentPlatform.js';
import { AgentSocket } from '../../src/mcp/bridge/agentSocket.js';
import { compared, mark } from '../harness/marks.js';
import type { PartResult } from '../harness/result.js';
import { rounds, type Setup } from '../harness/setup.js';
import { median } from '../harness/statistics.js';
import { timed } from '../harness/time.js';
import { commandLineMemory } from './commandLineMemory.js';

const program = join(process.cwd(), 'dist/cli.js');

/** Number of servers of the window, one of which is ready. */
const servers = 100;

/** Time that the command line may take in addition to 1.3 times that of Node without a program, milliseconds. */
const allowanceMs = 50;

/** Measures `list` and `ensure` of a ready server, alternating with Node alone, and the memory of `up`. */
export async function commandLine(setup: Setup): Promise<PartResult> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dev-servers-bench-')));
  const window = await openWindow(folder);
  const commands = [
    { who: 'node without a program', args: ['-e', '0'], values: [] as number[] },
    { who: 'devservers list', args: [program, 'list', '--json'], values: [] as number[] },
    { who: 'devservers ensure', args: [program, 'ensure', 'server-0'], values: [] as number[] },
  ];
  const env = { ...process.env, HOME: folder, DEV_SERVERS_WINDOWS: join(folder, 'agents') };
  for (let round = 0; round < rounds(setup, 30); round += 1) {
    for (const { args, values } of commands)
      values.push(await timed(() => promisify(execFile)(process.execPath, args, { cwd: folder, env })));
  }
  await window.close();
  await rm(folder, { recursive: true });
  const memory = await commandLineMemory(setup);
  const [bare = Number.NaN, ...ours] = commands.map(({ values }) => median(values));
  return {
    title: 'The command line: response times, and the memory of `devservers up`',
    method: `Each call is a separate process, measured from its start to its exit. The calls go to a window with ${servers} servers; the server that they name is ready. The benchmark itself acts as the window, with its socket and protocol. The baseline is Node without a program. The memory of \`devservers up\` is measured 10 s after its servers became ready, together with the memory of its process host and of a Node that only waits: the private memory of each process, and its share of shared memory (PSS).`,
    rows: [...compared('ms', commands), ...memory.rows],
    marks: [
      ...['list', 'ensure of a ready server'].map((what, index) =>
        mark({
          what: `${what} (node × 1.3 + ${allowanceMs} ms)`,
          ours: ours[index] ?? Number.NaN,
          unit: 'ms',
          baseline: bare,
          atMost: Math.round(bare * 1.3 + allowanceMs),
        }),
      ),
      ...memory.marks,
    ],
    missing: [],
  };
}

/** Opens the socket of a window whose first server is ready. */
function openWindow(folder: string): Promise<AgentSocket> {
  const listed = Array.from({ length: servers }, (_, index) => ({
    id: `server-${index}`,
    name: `server-${index}`,
    folder,
    command: 'node server.mjs',
    source: 'scripts',
    file: 'package.json',
    state: index === 0 ? 'ready' : 'stopped',
    ...(index === 0 && { url: 'http://localhost:5173/', pid: process.pid }),
  }));
  const answers: Readonly<Partial<Record<ToolName, JsonObject>>> = {
    devservers_list_servers: { total: servers, servers: listed },
    devservers_start_server: { ...listed[0], outcome: 'alreadyRunning' },
  };
  return AgentSocket.open(
    {
      folder: join(folder, 'agents'),
      platform: currentPlatform(),
      log: { info: () => undefined, error: () => undefined },
      call: (tool) => Promise.resolve({ text: '', data: answers[tool] ?? {} }),
    },
    { folders: [folder], focusedAt: Date.now() },
  );
}
