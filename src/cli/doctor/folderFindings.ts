import type { ServerDefinition } from '../../core/server/definition.js';
import { declaredPort } from '../../core/tcpPorts/declaredPort.js';
import { currentPlatform } from '../../host/platform/currentPlatform.js';
import { listenersOn } from '../../host/system/listeners.js';
import type { FoundServers } from '../../folderSearch/findServers.js';
import type { WindowServer } from '../windows/listedServers.js';
import { ok, problem, warning, type Finding } from './finding.js';

/** Checks what the files of a folder document. */
export function checkFiles({ definitions, problems }: FoundServers): readonly Finding[] {
  // The parser reports one syntax error several times.
  const faults = [...new Set(problems)].map((each) =>
    problem(each, 'Correct the file. The other servers are still listed.'),
  );
  if (definitions.length > 0)
    return [ok(`The files of the folder define ${definitions.length} servers.`), ...faults];
  const advice =
    'Add a script such as "dev" to package.json, or add the server to .vscode/dev-servers.json. Check that this is the project folder.';
  return [problem('The files of the folder define no servers.', advice), ...faults];
}

/** Checks whether the packages of each server are installed, and whether a file with variables is missing. */
export async function checkInstalled(
  definitions: readonly ServerDefinition[],
  folder: string,
): Promise<readonly Finding[]> {
  const { missingFiles } = await import('../../folderSearch/missingFiles.js');
  const folders = [...new Set(definitions.map(({ cwd }) => cwd))];
  const found = await Promise.all(folders.map((each) => missingFiles(each, folder)));
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
  const listeners = await currentPlatform()
    .listeners()
    .catch(() => []);
  return definitions.flatMap((definition) => {
    const port = declaredPort(definition);
    if (port === undefined || active.has(definition.id)) return [];
    const [listener] = listenersOn(port, listeners);
    if (!listener) return [];
    const pid = listener.pids?.[0];
    const holder = pid === undefined ? 'another program' : `process ${pid}`;
    return [
      warning(
        `Port ${port} of ${definition.id} is already in use by ${holder}.`,
        'Stop that program, or start the server in the editor, which offers a free port.',
      ),
    ];
  });
}
