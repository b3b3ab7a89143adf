// The command line: `node cli.js list [--json] [--all] [FOLDER]`. Standard output holds the answer, standard error all else.
import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listedDefinitions } from '../discovery/listing/listedDefinitions.js';
import { serverTitle, type ServerDefinition } from '../core/server/definition.js';
import { commandLine } from './commandLine.js';
import { findServers } from './findServers.js';
import { serversOfWindow, type RunningServer } from './windows.js';

const usage = `Usage: node cli.js list [--json] [--all] [FOLDER]

Lists the development servers that the files of a folder document, without starting anything. Of a folder that is open
in a window of the editor it tells which ones run.

  --json  print an array of objects, for programs
  --all   list also other ways to start a server, such as tests and production
`;

/** Exit codes that scripts can rely on. */
const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

class UsageError extends Error {}

interface ListOptions {
  readonly folder: string;
  readonly isJson: boolean;
  readonly showsAll: boolean;
}

function readArguments(args: readonly string[]): ListOptions | 'help' {
  const options = { json: { type: 'boolean' }, all: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  const { values, positionals } = parse(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  if (values.help === true) return 'help';
  const [command, folder = '.', ...rest] = positionals;
  if (command === undefined) throw new UsageError('A command is missing.');
  if (command !== 'list') throw new UsageError(`There is no command "${command}".`);
  if (rest.length > 0) throw new UsageError('Only one folder can be listed.');
  return { folder: resolve(folder), isJson: values.json === true, showsAll: values.all === true };
}

function parse<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function list({ folder, isJson, showsAll }: ListOptions): Promise<number> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    process.stderr.write(`${folder} is not a folder.\n`);
    return exitCodes.failed;
  }
  const { definitions, unlisted, problems } = await findServers(folder, join(__dirname, 'staticServer.js'));
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const listed = showsAll ? definitions : listedDefinitions(definitions, unlisted);
  const running = new Map((await serversInWindow(folder)).map((server) => [server.id, server]));
  const rows = listed.map((definition) => listedServer(definition, folder, running.get(definition.id)));
  process.stdout.write(isJson ? `${JSON.stringify(rows, null, 2)}\n` : table(rows));
  return exitCodes.ok;
}

/** A window that does not answer is reported, and the servers are listed all the same. */
async function serversInWindow(folder: string): Promise<readonly RunningServer[]> {
  try {
    return (await serversOfWindow(folder)) ?? [];
  } catch (error) {
    process.stderr.write(
      `The window did not answer: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return [];
  }
}

type ListedServer = ReturnType<typeof listedServer>;

/** Returns a server as programs read it. `cwd` is relative to the folder, with `/`. */
function listedServer(definition: ServerDefinition, folder: string, running: RunningServer | undefined) {
  const { url = null, otherUrls = [], pid = null, startedBy = null } = running ?? {};
  const cwd = relative(folder, definition.cwd).replaceAll('\\', '/');
  return {
    id: definition.id,
    name: serverTitle(definition),
    command: commandLine(definition.command),
    cwd: cwd === '' ? '.' : cwd,
    source: definition.source,
    file: definition.file,
    isMain: definition.isMain === true,
    state: running?.state ?? 'stopped',
    url,
    urls: url === null ? [] : [url, ...otherUrls],
    pid,
    startedBy,
  };
}

function table(rows: readonly ListedServer[]): string {
  const cells = rows.map(({ id, state, url, command, cwd }) => [id, url ?? state, cwd, command]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`)
    .join('');
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readArguments(args);
    if (options !== 'help') return await list(options);
    process.stdout.write(usage);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    return exitCodes.usage;
  }
}

async function run(): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = exitCodes.failed;
  }
}

void run();
