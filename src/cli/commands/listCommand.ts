import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import { withUniqueTitles } from '../../core/server/titles.js';
import { listedDefinitions } from '../../discovery/listing/listedDefinitions.js';
import { NoWindowError } from '../../mcp/bridge/chooseWindow.js';
import type { CommandCall } from '../call/commandCall.js';
import { exitCodes, type ExitCode } from '../call/exitCodes.js';
import { print, printJson, report } from '../call/output.js';
import { commandLine } from '../folder/commandLine.js';
import { serversOf, type WindowServer } from '../windows/listedServers.js';
import { connectTo, windowOf } from '../windows/windowSession.js';

/** Lists the servers that the files of a folder document, with the state of those that run. */
export async function listServers({ folder: base, names, options }: CommandCall): Promise<ExitCode> {
  const folder = resolve(base, names[0] ?? '.');
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    report(`${folder} is not a folder.`);
    return exitCodes.failed;
  }
  const [{ definitions, unlisted, problems }, inWindow] = await Promise.all([
    import('../folder/findServers.js').then(({ findServers }) => findServers(folder)),
    serversInWindow(folder),
  ]);
  for (const problem of problems) report(problem);
  const listed = options.all === true ? definitions : listedDefinitions(definitions, unlisted);
  const running = new Map(inWindow.map((server) => [server.id, server]));
  const rows = withUniqueTitles(listed).map((definition) =>
    listedServer(definition, folder, running.get(definition.id)),
  );
  if (options.json === true) printJson(rows);
  else print(table(rows));
  return exitCodes.ok;
}

/** A window that does not answer is reported, and the servers are listed all the same. */
async function serversInWindow(folder: string): Promise<readonly WindowServer[]> {
  try {
    const client = await connectTo(await windowOf(folder));
    return await serversOf(client).finally(() => client.close());
  } catch (error) {
    if (!(error instanceof NoWindowError))
      report(`The window did not answer: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

type ListedServer = ReturnType<typeof listedServer>;

/** Returns a server as programs read it. `cwd` is relative to the folder, with `/`. */
function listedServer(definition: ServerDefinition, folder: string, running: WindowServer | undefined) {
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
