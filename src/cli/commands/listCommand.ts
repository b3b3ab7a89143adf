import { resolve } from 'node:path';
import { escapeHidden } from '../../core/plainText.js';
import { withUniqueTitles } from '../../core/server/titles.js';
import { realPath } from '../../host/system/boundedReads.js';
import { NoWindowError } from '../../mcp/bridge/chooseWindow.js';
import { columns } from '../call/columns.js';
import type { CommandCall } from '../call/commandCall.js';
import { exitCodes, type ExitCode } from '../call/exitCodes.js';
import { print, printJson, report } from '../call/output.js';
import { shownIds } from '../call/shownIds.js';
import { requireFolder } from '../folder/requireFolder.js';
import { serversIn } from '../windows/serverHosts.js';
import { windowsOf } from '../windows/windowSession.js';
import { definitionRow, windowRows, type ListedServer } from './listedServer.js';
import { errorMessage } from '../../core/errorMessage.js';

/**
 * Lists the servers of a folder with their states. Asks the window that has it open. Without a window, and for servers
 * that a window does not list, searches the folder.
 */
export async function listServers({ folder: base, names, options }: CommandCall): Promise<ExitCode> {
  const folder = resolve(base, names[0] ?? '.');
  await requireFolder(folder);
  const inWindow = await rowsInWindow(folder);
  const isEnough = inWindow.isWhole && options.all !== true;
  const rows = isEnough ? inWindow.rows : await rowsOfFiles(folder, inWindow.rows, options.all === true);
  if (options.json === true) printJson(rows);
  else print(table(rows));
  return exitCodes.ok;
}

interface WindowRows {
  readonly rows: readonly ListedServer[];
  /** Whether the list contains all servers of the folder. */
  readonly isWhole: boolean;
}

/** If a window does not answer, this is reported, and the servers are listed nevertheless. */
async function rowsInWindow(folder: string): Promise<WindowRows> {
  try {
    const { servers, isWhole } = await serversIn(await windowsOf(folder));
    const rows = windowRows(servers, folder, await realPath(folder));
    return { rows, isWhole: isWhole && rows.every(({ source }) => source !== '') };
  } catch (error) {
    if (!(error instanceof NoWindowError))
      report(`The states of the servers are unknown. ${errorMessage(error)}`);
    return { rows: [], isWhole: false };
  }
}

async function rowsOfFiles(
  folder: string,
  inWindow: readonly ListedServer[],
  includesAll: boolean,
): Promise<readonly ListedServer[]> {
  const { findServers, findListedServers } = await import('../../folderSearch/findServers.js');
  const { definitions, problems } = await (includesAll ? findServers(folder) : findListedServers(folder));
  for (const problem of problems) report(problem);
  const running = new Map(inWindow.map((row) => [row.id, row]));
  const rows = withUniqueTitles(definitions).map((definition) =>
    definitionRow(definition, folder, running.get(definition.id)),
  );
  const ids = new Set(rows.map(({ id }) => id));
  return [...rows, ...inWindow.filter(({ id }) => !ids.has(id))];
}

function table(rows: readonly ListedServer[]): string {
  const ids = shownIds(rows.map(({ id }) => id));
  const cells = rows.map(
    ({ state, url, cwd, command }, index) =>
      [ids[index] ?? '', escapeHidden(url ?? state), escapeHidden(cwd), oneLine(command)] as const,
  );
  // Some terminals do not know their width and report 0.
  return columns(cells, process.stdout.columns || undefined);
}

/** Returns a command with `↵` for each line end inside it. */
function oneLine(command: string): string {
  return escapeHidden(
    command
      .trimEnd()
      .split(/\r?\n/u)
      .map((line) => line.trim())
      .join(' ↵ ')
      .replaceAll('\t', ' '),
  );
}
