// The command line, `devservers COMMAND`. It writes the answer to standard output, and everything else to standard
// error.
import { constants } from 'node:os';
import { readArguments } from './call/arguments.js';
import type { CommandCall } from './call/commandCall.js';
import { helpText, type CommandName } from './call/commandSpecs.js';
import { exitCodes, failureOf } from './call/exitCodes.js';
import { print, printJson, report } from './call/output.js';
import { adviceForTerminal } from './call/toolAdvice.js';
import { printCompletion } from './commands/completionCommand.js';
import { listServers } from './commands/listCommand.js';
import { showLogs } from './commands/logsCommand.js';
import { openServer } from './commands/openCommand.js';
import { runServerCommand } from './commands/serverCommands.js';
import { terminalWith } from './windows/serverHosts.js';
import { openWindows } from './windows/windowSession.js';
import { fileReads } from '../host/system/boundedReads.js';
import { currentFolder } from '../mcp/bridge/currentFolder.js';
import { endProcess } from '../host/system/endProcess.js';
import { errorMessage } from '../core/errorMessage.js';

/** Version of the extension, replaced by the build. */
declare const EXTENSION_VERSION: string;

/** Commands that run servers load further bundles, which the other commands do not need. */
const commands: Readonly<Record<CommandName, (call: CommandCall) => Promise<number>>> = {
  list: listServers,
  start: (call) => runServerCommand('start', call),
  ensure: (call) => runServerCommand('ensure', call),
  stop: (call) => runServerCommand('stop', call),
  restart: (call) => runServerCommand('restart', call),
  wait: (call) => runServerCommand('wait', call),
  logs: showLogs,
  open: openServer,
  up: async (call) => (await import('./headless/upCommand.js')).up(call, terminalWith),
  run: async (call) => (await import('./headless/upCommand.js')).runOwnServer(call, terminalWith),
  doctor: async (call) => (await import('./commands/doctorCommand.js')).diagnose(call),
  mcp: async ({ folder }) => (await import('../mcp/server/serveClient.js')).serveClient(folder, openWindows),
  completion: printCompletion,
};

/** Maximum wait before exit for pending reads of files whose results are not needed, milliseconds. */
const maxReadMs = 1000;

/** Whether a part of the output was lost, for example because the disk is full. */
let isOutputLost = false;

const writesToTerminal = process.stdout.isTTY;

/** Called when the reader of the output, such as `head`, has closed the pipe. */
let onOutputClosed = (): void => endProcess(exitCodes.ok);

async function main(args: readonly string[]): Promise<number> {
  const parsed = readArguments(args, currentFolder());
  if (parsed.kind === 'help') {
    print(helpText(parsed.command));
    return exitCodes.ok;
  }
  if (parsed.kind === 'version') {
    print(EXTENSION_VERSION);
    return exitCodes.ok;
  }
  const [first, second] = [new AbortController(), new AbortController()];
  const runsServers = parsed.command === 'up' || parsed.command === 'run';
  const interrupt = (name: NodeJS.Signals): void => {
    if (first.signal.aborted) return second.abort();
    first.abort();
    // A window cancels the calls of a client when the connection ends. Commands that run servers must stop them first.
    if (!runsServers) endBySignal(name, interrupt);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  if (runsServers) onOutputClosed = () => first.abort();
  return commands[parsed.command]({ ...parsed, signal: first.signal, urgentSignal: second.signal });
}

/** Ends this process by the signal, so that a shell reports the exit code for that signal. */
function endBySignal(name: NodeJS.Signals, listener: (name: NodeJS.Signals) => void): void {
  // Without a listener, the signal itself ends the process.
  process.off(name, listener);
  endProcess(128 + constants.signals[name], name);
}

async function run(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await main(args);
  } catch (error) {
    const message = adviceForTerminal(errorMessage(error));
    const { exitCode, reason } = failureOf(error);
    if (args.includes('--json')) printJson({ error: reason, message });
    report(message);
    process.exitCode = exitCode;
  }
  // A thread that waits for a silent file system would keep this process alive; other reads end meanwhile.
  if (fileReads.isReading) setTimeout(() => endProcess(Number(process.exitCode)), maxReadMs).unref();
}

// The Node of the editor sets this to run the program; the programs that it starts are not Node.
delete process.env['ELECTRON_RUN_AS_NODE'];

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A write to a terminal that was closed fails with EIO, as does one to a broken disk.
  if (error.code === 'EPIPE' || (error.code === 'EIO' && writesToTerminal)) return onOutputClosed();
  if (!isOutputLost) report(`The output could not be written: ${errorMessage(error)}`);
  isOutputLost = true;
});

// Without a reader, problems cannot be reported, but servers must still be stopped.
process.stderr.on('error', () => undefined);

process.on('exit', () => {
  if (isOutputLost) process.exitCode ||= exitCodes.failed;
});

void run(process.argv.slice(2));
