// @ts-check
// Runs a command while busy processes use the processors: node scripts/under-load.mjs [--processes 8] COMMAND [ARGUMENT…]
// A test that fails here and not otherwise depends on time.
import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { UsageError, onExit, runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { repoRoot } from './lib/paths.mjs';
import { Stopwatch } from './lib/stopwatch.mjs';

const help = 'Usage: node scripts/under-load.mjs [--processes 8] COMMAND [ARGUMENT…]';

/** Exits by itself when the script is gone, because its standard input closes then. */
const busy = `
  process.stdin.on('end', () => process.exit()).resume();
  const work = () => {
    for (const end = Date.now() + 20; Date.now() < end;);
    setImmediate(work);
  };
  work();`;

await runScript(async () => {
  const [count, command] = readCommandLine(process.argv.slice(2));
  const watch = new Stopwatch();
  const processes = Array.from({ length: count }, startBusyProcess);
  const release = onExit(() => {
    for (const each of processes) each.kill('SIGKILL');
  });
  try {
    return await runVisible(command, { cwd: repoRoot });
  } finally {
    console.log(`With ${count} busy processes: ${watch.text}, load ${loadavg()[0]?.toFixed(1)}`);
    await release();
  }
});

/** Linux shares the processors among sessions, so each process needs its own: together they would count as one. */
function startBusyProcess() {
  return spawn(process.execPath, ['-e', busy], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] });
}

/**
 * The options end where the command begins.
 * @param {string[]} args
 * @returns {[number, string[]]}
 */
function readCommandLine(args) {
  const isGiven = args[0] === '--processes';
  const { values } = parseArgs({
    args: isGiven ? args.slice(0, 2) : [],
    options: { processes: { type: 'string', default: '8' } },
  });
  const count = Number(values.processes);
  const command = args.slice(isGiven ? 2 : 0);
  if (!Number.isInteger(count) || count < 1 || command.length === 0) throw new UsageError(help);
  return [count, command];
}
