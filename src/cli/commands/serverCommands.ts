import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../../core/errorMessage.js';
import { waitLimits } from '../../core/agents/limits.js';
import type { ToolName } from '../../core/agents/names.js';
import type { ToolAnswer, WindowClient } from '../../mcp/bridge/windowClient.js';
import { numberOption } from '../call/arguments.js';
import type { CommandCall } from '../call/commandCall.js';
import { exitCodeOf, exitCodes, isWithoutWindow, type ExitCode } from '../call/exitCodes.js';
import { print, printJson, report } from '../call/output.js';
import { adviceForTerminal } from '../call/toolAdvice.js';
import { withServer } from '../windows/serverHosts.js';

/**
 * Default of `--timeout`, seconds. It is longer than that of agents, since their clients give up calls after a minute.
 */
const defaultSeconds = 120;

/** Pause before `wait` looks again for a window and a start, milliseconds. */
const startPollMs = 250;

/** How a command calls a tool and prints its answer. */
interface ServerCommand {
  readonly tool: ToolName;
  /** Whether the command waits until the server is ready. */
  readonly waits: boolean;
  /** Whether the answer is the URL alone, for use in scripts. */
  readonly printsUrl: boolean;
}

const serverCommands = {
  start: { tool: 'devservers_start_server', waits: false, printsUrl: false },
  ensure: { tool: 'devservers_start_server', waits: true, printsUrl: true },
  stop: { tool: 'devservers_stop_server', waits: false, printsUrl: false },
  restart: { tool: 'devservers_restart_server', waits: true, printsUrl: true },
  wait: { tool: 'devservers_wait_until_ready', waits: true, printsUrl: true },
} as const satisfies Readonly<Record<string, ServerCommand>>;

export type ServerCommandName = keyof typeof serverCommands;

/** Runs a command that starts, stops or waits for a server. */
export async function runServerCommand(
  name: ServerCommandName,
  { folder, names, options }: CommandCall,
): Promise<ExitCode> {
  const command: ServerCommand = serverCommands[name];
  const deadline = nowMs() + numberOption(options.timeout, 'timeout', defaultSeconds) * 1000;
  const call = (): Promise<ToolAnswer> =>
    withServer(folder, names[0], ({ id }, client) =>
      command.waits
        ? callUntilReady(client, command.tool, id, deadline)
        : client.call(command.tool, inputFor(command.tool, id, 0)),
    );
  const answer = await (name === 'wait' ? untilStarted(call, deadline) : call());
  return printAnswer(answer, command, options.json === true);
}

/**
 * Repeats a wait until something has the folder open and has started the server: a script may start `devservers up` in
 * the background at the same moment. At the deadline, returns or throws what the last call did.
 */
async function untilStarted(call: () => Promise<ToolAnswer>, deadline: number): Promise<ToolAnswer> {
  let reported = '';
  const reportOnce = (text: string): void => {
    if (text !== reported) report(text);
    reported = text;
  };
  for (;;) {
    const isLast = nowMs() + startPollMs > deadline;
    const answer = await call().catch((error: unknown) => {
      if (isLast || !isWithoutWindow(error)) throw error;
      reportOnce(`${errorMessage(error).split('\n', 1)[0]} Waiting for one…`);
      return undefined;
    });
    if (answer && (isLast || answer.data['state'] !== 'stopped')) return answer;
    if (answer) reportOnce(`${String(answer.data['id'])} is stopped. Waiting until it is started…`);
    await sleep(startPollMs);
  }
}

/** Calls the tool, and repeats the wait, since one call waits for a limited time only. */
async function callUntilReady(
  client: WindowClient,
  tool: ToolName,
  id: string,
  deadline: number,
): Promise<ToolAnswer> {
  // With 0 a start would not be waited for at all, and succeed without a URL.
  const secondsLeft = (): number =>
    Math.min(waitLimits.maxSeconds, Math.max(0.001, (deadline - nowMs()) / 1000));
  let answer = await client.call(tool, inputFor(tool, id, secondsLeft()));
  while (exitCodeOf(answer) === exitCodes.timeout && nowMs() < deadline) {
    const wait = 'devservers_wait_until_ready';
    answer = await client.call(wait, inputFor(wait, id, secondsLeft()));
  }
  return answer;
}

/** Monotonic time, milliseconds. Does not need the module of `performance`. */
function nowMs(): number {
  return process.uptime() * 1000;
}

function inputFor(tool: ToolName, id: string, timeoutSeconds: number): object {
  return tool === 'devservers_stop_server' ? { id } : { id, timeoutSeconds };
}

function printAnswer(
  answer: ToolAnswer,
  { tool, waits, printsUrl }: ServerCommand,
  isJson: boolean,
): ExitCode {
  const { data } = answer;
  const isStarted = tool === 'devservers_start_server' && !waits && typeof data['outcome'] === 'string';
  // `wait` has waited for the start of a stopped server.
  const isTooLate = tool === serverCommands.wait.tool && data['state'] === 'stopped';
  const exitCode = isTooLate ? exitCodes.timeout : exitCodeOf(answer);
  if (isJson) printJson(serverAnswer(answer, exitCode));
  if (exitCode !== exitCodes.ok) report(adviceForTerminal(answer.text));
  else if (!isJson)
    print(printsUrl && typeof data['url'] === 'string' ? data['url'] : sentence(answer, isStarted));
  return exitCode;
}

/** Returns the part of an answer that describes a start, without the advice for agents. */
function sentence({ text, data }: ToolAnswer, isStarted: boolean): string {
  if (!isStarted) return text;
  const { id, state, url } = data;
  return `${String(id)}: ${String(state)}${typeof url === 'string' ? ` at ${url}` : ''}`;
}

/** Returns an answer as JSON output; unknown values are `null`. */
function serverAnswer({ text, data }: ToolAnswer, exitCode: ExitCode): Readonly<Record<string, unknown>> {
  const { url = null, otherUrls = [], pid = null, startedBy = null, error, ...rest } = data;
  const urls = url === null ? [] : [url, ...(Array.isArray(otherUrls) ? (otherUrls as unknown[]) : [])];
  const failure =
    exitCode === exitCodes.ok ? {} : { error: error ?? 'failed', message: adviceForTerminal(text) };
  return { ...rest, url, urls, pid, startedBy, ...failure };
}
