import { firstOrigin, originText } from '../server/origin.js';
import { attemptText } from '../views/readinessText.js';
import { commandText, fullTitle, type ServerDefinition } from '../server/definition.js';
import { type ExitStatus, type ServerState } from '../server/state.js';
import { stateText } from '../views/stateText.js';
import { quoteOutput, redactSecrets, visibleText, withoutInvisible } from './sanitize.js';
import { hideCredentials } from '../credentials.js';
import { shortened } from '../plainText.js';
import { omitUndefined } from './answer.js';
import { english, englishText, withoutFullStop } from '../text.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { portOfUrl } from '../server/urlPort.js';
import { addressOf, endpointOf, lastEndOf, otherUrlsOf, startedBy } from '../server/stateQueries.js';

/** Maximum number of output lines that a problem report quotes. */
const maxTailLines = 20;

/** Returns a server as data, without its environment: the values may be secrets. `tick` is monotonic milliseconds. */
export function serverData(record: ServerRecord, tick: number) {
  const { definition, state } = record;
  const run = 'run' in state ? state.run : undefined;
  const endpoint = endpointOf(state);
  return omitUndefined({
    id: definition.id,
    name: fullTitle(definition),
    folder: definition.cwd,
    command: redactSecrets(commandText(definition.command), definition),
    argv: argvData(definition),
    source: definition.source,
    file: definition.file,
    isMain: definition.isMain,
    state: state.kind,
    problem: problemText(state),
    url: addressOf(state),
    otherUrls: endpoint?.otherUrls,
    pid: run && run.process.pid,
    port: endpoint && portOfUrl(endpoint.url),
    pageErrors: run && run.pageErrors,
    startedBy: startedByText(state),
    startedByKind: run && firstOrigin(run.startedBy).kind,
    uptimeSeconds: run && Math.max(0, Math.floor((tick - run.startedTick) / 1000)),
    ...exitData(lastEndOf(state)?.exit),
  });
}

/** Returns a line such as `shop/apps/web:dev: ready at http://localhost:5173/ (started by the user)`. */
export function serverSummary({ definition, state }: ServerRecord): string {
  const address = addressOf(state);
  const others = otherUrlsOf(state);
  const also = others.length === 0 ? '' : `, also at ${others.join(' and ')}`;
  const where = address === undefined ? '' : ` at ${address}${also}`;
  const starter = startedByText(state);
  const by = starter === undefined ? '' : ` (started by ${starter})`;
  return `${visibleText(definition.id)}: ${stateOrStopped(state)}${where}${by}`;
}

/** Returns why a server is not ready, with its last lines of output. */
export function problemSummary(record: ServerRecord): string {
  const { definition, state } = record;
  const tail = lastEndOf(state)?.tail.slice(-maxTailLines) ?? [];
  const output = redactSecrets(tail.join('\n'), definition);
  return [`${serverSummary(record)}.`, problemText(state), output === '' ? undefined : quoteOutput(output)]
    .filter((part) => part !== undefined)
    .join('\n');
}

/** Longest request to fix a server; UTF-16 units. */
const maxRequestLength = 4000;

/** Longest fact, and longest line of output, in such a request; UTF-16 units. */
const maxRequestFact = 600;
const maxRequestLine = 300;

/**
 * Returns a request to find out why a server is down, with its command, the file that defines it and its last output.
 * Its length is bounded, and text that looks like a secret is removed.
 */
export function fixRequest({ definition, state }: ServerRecord): string {
  const { cwd, file } = definition;
  const fact = (text: string, maxLength = maxRequestFact): string => {
    const line = withoutSecrets(text, definition).replaceAll(/\s+/gu, ' ');
    return shortened(visibleText(line), maxLength);
  };
  const down = fact(stateOrStopped(state));
  const problem = fact(problemText(state) ?? '');
  const facts = [
    `The development server ${fact(definition.id, maxRequestLine)} is down: ${down}. Find out why, and fix it.`,
    down.includes(withoutFullStop(problem)) ? undefined : problem,
    `Command: ${fact(commandText(definition.command))}`,
    `Folder: ${fact(cwd)}`,
    file === undefined ? undefined : `File: ${fact(file)}`,
  ].filter((line) => line !== undefined);
  return withOutput(facts.join('\n'), requestedLines(lastEndOf(state)?.tail ?? [], definition));
}

/** Returns the last lines of output for a request, each of bounded length. */
function requestedLines(tail: readonly string[], definition: ServerDefinition): string[] {
  // A secret may span several lines, and a part of it would not be recognized.
  const output = withoutInvisible(withoutSecrets(tail.join('\n'), definition));
  return output.split('\n').map((line) => shortened(line, maxRequestLine));
}

/** Appends as many of the last lines as fit. */
function withOutput(text: string, lines: readonly string[]): string {
  const kept = lines.slice(-maxTailLines);
  while (kept.some((line) => line !== '')) {
    const request = `${text}\n\n${quoteOutput(kept.join('\n'))}`;
    if (request.length <= maxRequestLength) return request;
    kept.shift();
  }
  return text;
}

function withoutSecrets(text: string, definition: ServerDefinition): string {
  return hideCredentials(redactSecrets(text, definition));
}

/** Returns the words of a command, unless its text already shows where each of them ends. */
function argvData(definition: ServerDefinition): readonly string[] | undefined {
  const { command } = definition;
  if (command.kind === 'shell') return undefined;
  const words = [command.file, ...command.args];
  if (words.every((word) => /^[\w@%+=:,./-]+$/u.test(word))) return undefined;
  return words.map((word) => redactSecrets(word, definition));
}

function exitData(exit: ExitStatus | undefined) {
  return {
    exitCode: exit?.kind === 'code' ? exit.code : undefined,
    exitSignal: exit?.kind === 'signal' ? exit.signal : undefined,
  };
}

function stateOrStopped(state: ServerState): string {
  return stateText(state, english) || 'stopped';
}

function startedByText(state: ServerState): string | undefined {
  // The origin of a run that another window left running is unknown.
  if (!('run' in state) || state.kind === 'external') return undefined;
  return firstOrigin(startedBy(state)).kind === 'user' ? 'the user' : originText(startedBy(state), english);
}

function problemText(state: ServerState): string | undefined {
  if (state.kind === 'crashed' && state.crash.kind === 'failure') return englishText(state.crash.message);
  if (state.kind !== 'unhealthy' || !('attempts' in state.problem)) return undefined;
  const tried = state.problem.attempts.map((attempt) => attemptText(attempt, english));
  return tried.length === 0 ? undefined : `Checked: ${tried.join('; ')}`;
}
