// The command line, `devservers COMMAND`. Standard output holds the answer, standard error all else.
import { readArguments } from './call/arguments.js';
import type { CommandCall } from './call/commandCall.js';
import { helpText, type CommandName } from './call/commandSpecs.js';
import { CommandError, exitCodes, type ExitCode } from './call/exitCodes.js';
import { print, printJson, report } from './call/output.js';
import { printCompletion } from './commands/completionCommand.js';
import { showLogs } from './commands/logsCommand.js';
import { openServer } from './commands/openCommand.js';
import { runServerCommand } from './commands/serverCommands.js';

/** What searches a folder is in bundles of its own, which only its commands load. */
const commands: Readonly<Record<CommandName, (call: CommandCall) => Promise<ExitCode>>> = {
  list: async (call) => (await import('./commands/listCommand.js')).listServers(call),
  start: (call) => runServerCommand('start', call),
  ensure: (call) => runServerCommand('ensure', call),
  stop: (call) => runServerCommand('stop', call),
  restart: (call) => runServerCommand('restart', call),
  wait: (call) => runServerCommand('wait', call),
  logs: showLogs,
  open: openServer,
  doctor: async (call) => (await import('./commands/doctorCommand.js')).diagnose(call),
  completion: printCompletion,
};

async function main(args: readonly string[]): Promise<ExitCode> {
  const parsed = readArguments(args, process.cwd());
  if (parsed.kind === 'help') {
    print(helpText(parsed.command));
    return exitCodes.ok;
  }
  const abort = new AbortController();
  const interrupt = (): void => {
    // A second Ctrl+C does not wait for an answer.
    if (abort.signal.aborted) process.exit(exitCodes.interrupted);
    abort.abort();
  };
  process.on('SIGINT', interrupt);
  return commands[parsed.command]({ ...parsed, signal: abort.signal });
}

async function run(args: readonly string[]): Promise<void> {
  try {
    process.exitCode = await main(args);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [exitCode, reason] =
      error instanceof CommandError ? [error.exitCode, error.reason] : [exitCodes.failed, 'failed'];
    if (args.includes('--json')) printJson({ error: reason, message });
    report(message);
    process.exitCode = exitCode;
  }
}

// A reader such as `head` may close the pipe before the end.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
});

void run(process.argv.slice(2));
