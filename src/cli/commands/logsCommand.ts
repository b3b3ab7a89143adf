import { EventEmitter } from 'node:events';
import { logLimits } from '../../core/agents/limits.js';
import { matchesQuery, parseLogQuery, type LogQuery } from '../../core/logs/logStore.js';
import { pageMessage } from '../../core/logs/pageMessages.js';
import { boundedMatcher } from '../../host/system/boundedPattern.js';
import type { WindowClient } from '../../mcp/bridge/windowClient.js';
import { wholeNumberOption } from '../call/arguments.js';
import type { CommandCall, CommandOptions } from '../call/commandCall.js';
import { CommandError, exitCodes, type ExitCode } from '../call/exitCodes.js';
import { missingOutputText, printOutput, report } from '../call/output.js';
import { withServer } from '../windows/serverHosts.js';
import { readPart } from './logParts.js';
import { LinesSince, parseSince } from './linesSince.js';

/** Prints the end of a server's log, and with `--follow` its later output. */
export async function showLogs({ folder, names, options }: CommandCall): Promise<ExitCode> {
  const filter = lineFilter(options);
  const writer = new LineWriter(options.json === true);
  const events = new EventEmitter<{ grown: []; closed: [] }>();
  return withServer(
    folder,
    names[0],
    async ({ id }, client) => {
      const source = { client, id };
      const end = await printKept(source, options, filter, writer);
      if (options.follow !== true) return exitCodes.ok;
      return follow(source, end, events, (lines) => writer.write(filter(lines)));
    },
    { onLogGrown: () => events.emit('grown'), onClosed: () => events.emit('closed') },
  );
}

/** Prints new lines of a log until the connection ends, and rejects then. */
function follow(
  source: LogSource,
  end: number,
  events: EventEmitter<{ grown: []; closed: [] }>,
  onLines: (lines: readonly string[]) => void,
): Promise<never> {
  return new Promise((_resolve, reject) => {
    const follower = new LogFollower(source, end, onLines, reject);
    events.on('grown', () => follower.readOn());
    // This read reports why the connection has ended.
    events.on('closed', () => follower.readOn());
    source.client.watchLog(source.id, true);
    follower.readOn();
  });
}

interface LogSource {
  readonly client: WindowClient;
  readonly id: string;
}

/** Returns the lines that the options select. */
type LineFilter = (lines: readonly string[]) => readonly string[];

/** Characters of a line that are searched. */
const maxSearched = 10_000;

/** Throws a `CommandError` for an invalid expression, and the filter throws one for an expression that takes too long. */
function lineFilter({ grep, kind }: CommandOptions): LineFilter {
  if (kind !== undefined && kind !== 'browser')
    throw new CommandError(`--kind must be browser, not "${kind}".`, exitCodes.usage, 'badRequest');
  const ofKind: LineFilter =
    kind === undefined ? (lines) => lines : (lines) => lines.filter((line) => pageMessage.test(line));
  if (grep === undefined) return ofKind;
  const matching = grepFilter(grep);
  return (lines) => matching(ofKind(lines));
}

function grepFilter(grep: string): LineFilter {
  const query = withGrepErrors<LogQuery>(() => parseLogQuery(grep));
  if (query.kind === 'text') return (lines) => lines.filter((line) => matchesQuery(line, query));
  const match = boundedMatcher(query.pattern);
  return (lines) => {
    const areFound = withGrepErrors(() => match(lines.map((line) => line.slice(0, maxSearched))));
    return lines.filter((_, index) => areFound[index]);
  };
}

function withGrepErrors<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw new CommandError(`--grep: ${(error as Error).message}`, exitCodes.usage, 'badRequest');
  }
}

/** Prints the current content of the log. Returns the offset of later output. */
async function printKept(
  source: LogSource,
  options: CommandOptions,
  filter: LineFilter,
  writer: LineWriter,
): Promise<number> {
  const isFollowed = options.follow === true;
  const isFiltered = [options.grep, options.since, options.kind].some((each) => each !== undefined);
  const count = wholeNumberOption(options.lines, 'lines', logLimits.defaultLines, 1);
  if (isFiltered || count > logLimits.maxLines) {
    const since =
      options.since === undefined ? undefined : new LinesSince(parseSince(options.since, Date.now()));
    const selected: LineFilter = (lines) =>
      filter(since ? lines.filter((line) => since.includes(line)) : lines);
    const end = await printMatching(source, { count, filter: selected, isFollowed }, writer);
    if (since?.leftOutMs !== undefined) report(omittedRunText(since.leftOutMs));
    return end;
  }
  const part = await readPart(source.client, source.id, { lines: count });
  // With `--follow`, an unfinished line is printed when it has ended.
  writer.write(isFollowed ? part.lines : [...part.lines, ...part.unfinished]);
  return part.end;
}

function omittedRunText(runMs: number): string {
  const began = new Date(runMs).toISOString();
  return `The last run began at ${began}, before the time of --since. Lines have no times. To print the last lines, use --lines COUNT.`;
}

interface Selection {
  /** Maximum number of lines to print: the last ones. */
  readonly count: number;
  readonly filter: LineFilter;
  readonly isFollowed: boolean;
}

/** Reads the whole log in parts. Returns the offset of later output. */
async function printMatching(
  { client, id }: LogSource,
  { count, filter, isFollowed }: Selection,
  writer: LineWriter,
): Promise<number> {
  const kept: string[] = [];
  for (let offset = 0; ;) {
    const part = await readPart(client, id, { offset, lines: logLimits.maxLines });
    const isLast = !part.isTruncated || part.end === offset;
    const lines = isLast && !isFollowed ? [...part.lines, ...part.unfinished] : part.lines;
    kept.push(...filter(lines));
    kept.splice(0, kept.length - count);
    offset = part.end;
    if (!isLast) continue;
    writer.write(kept);
    return offset;
  }
}

/** Reads the log in parts whenever it has grown. */
class LogFollower {
  #isReading = false;
  #isDue = false;

  constructor(
    private readonly source: LogSource,
    private offset: number,
    private readonly onLines: (lines: readonly string[]) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  readOn(): void {
    this.#isDue = true;
    if (this.#isReading) return;
    this.#isReading = true;
    this.#read().catch(this.onError);
  }

  async #read(): Promise<void> {
    const { client, id } = this.source;
    while (this.#isDue) {
      this.#isDue = false;
      const part = await readPart(client, id, { offset: this.offset, lines: logLimits.maxLines });
      if (part.start > this.offset) report(missingOutputText(part.start - this.offset));
      this.offset = part.end;
      this.onLines(part.lines);
      this.#isDue ||= part.isTruncated;
    }
    this.#isReading = false;
  }
}

/** Prints lines at once, or as JSON: one object for each line, so that a program can follow them. */
class LineWriter {
  constructor(private readonly isJson: boolean) {}

  write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const texts = this.isJson ? lines.map((line) => JSON.stringify({ line })) : lines;
    printOutput(`${texts.join('\n')}\n`);
  }
}
