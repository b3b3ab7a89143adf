import { isFolder } from '../../host/system/boundedReads.js';
import { packageManagerOf } from '../../core/commandLine/packageManager.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import { declaredPort } from '../../core/tcpPorts/declaredPort.js';
import { currentPlatform } from '../../host/platform/currentPlatform.js';
import { findSocketHolders, listProcessSockets } from '../../host/sockets/socketHolders.js';
import { listenersOn } from '../../host/system/listeners.js';
import { shortCommand } from '../../host/system/processes.js';
import type { FoundServers } from '../../folderSearch/findServers.js';
import type { WindowServer } from '../windows/listedServers.js';
import { ok, problem, serverCount, warning, type Finding } from './finding.js';

/** Checks what the files of a folder document. */
export function checkFiles({ definitions, problems }: FoundServers): readonly Finding[] {
  const others =
    definitions.length > 0 ? 'The other servers are still listed.' : 'No server is listed until then.';
  // The parser reports one syntax error several times.
  const faults = [...new Set(problems)].map((each) => problem(each, `Correct the file. ${others}`));
  if (definitions.length > 0)
    return [ok(`The files of the folder define ${serverCount(definitions.length)}.`), ...faults];
  // These files may define servers.
  if (faults.length > 0) return faults;
  const advice =
    'Add a script such as "dev" to package.json, or add the server to .vscode/dev-servers.json. Check that this is the project folder.';
  return [problem('The files of the folder define no servers.', advice)];
}

/** Checks whether the folder of each server exists. */
export async function checkServerFolders(
  definitions: readonly ServerDefinition[],
): Promise<readonly Finding[]> {
  const found = await Promise.all(
    definitions.map(async ({ id, cwd, file }) => {
      if (await isFolder(cwd)) return [];
      const advice = `Create the folder, or correct the server${file === undefined ? '' : ` in ${file}`}.`;
      return [problem(`${id} cannot start: its folder ${cwd} does not exist.`, advice)];
    }),
  );
  return found.flat();
}

/** Checks whether the packages of each server are installed, and whether a file with variables is missing. */
export async function checkInstalled(
  definitions: readonly ServerDefinition[],
  folder: string,
): Promise<readonly Finding[]> {
  const { missingFiles } = await import('../../folderSearch/missingFiles.js');
  // One server for each folder, if possible one that names the package manager.
  const byManagers = definitions.filter((definition) => packageManagerOf(definition));
  const servers = new Map([...definitions, ...byManagers].map((definition) => [definition.cwd, definition]));
  const found = await Promise.all([...servers.values()].map((each) => missingFiles(each, folder)));
  return found
    .flat()
    .map(({ kind, text, advice }) => (kind === 'packages' ? problem : warning)(text, advice));
}

/** Checks whether another program listens on a port that a stopped server declares. */
export async function checkPorts(
  definitions: readonly ServerDefinition[],
  running: readonly WindowServer[],
): Promise<readonly Finding[]> {
  const active = new Set(running.filter(({ url }) => url !== undefined).map(({ id }) => id));
  const platform = currentPlatform();
  const listeners = await platform.listeners().catch(() => []);
  const taken = definitions.flatMap((definition) => {
    const port = active.has(definition.id) ? undefined : declaredPort(definition);
    const [listener] = port === undefined ? [] : listenersOn(port, listeners);
    return listener ? [{ id: definition.id, port, listener }] : [];
  });
  if (taken.length === 0) return [];
  const entries = await platform.list().catch(() => []);
  // The system hides the sockets of other users' processes.
  const holders = findSocketHolders(await listProcessSockets(entries, platform), listeners);
  return taken.map(({ id, port, listener }) => {
    const [pid] = holders.of(listener);
    const command = entries.find((entry) => entry.pid === pid)?.command;
    const holder = command === undefined ? 'another program' : `process ${pid} (${shortCommand(command)})`;
    return warning(
      `Port ${port} of ${id} is already in use by ${holder}.`,
      'Stop that program, or start the server in the editor, which offers a free port.',
    );
  });
}
