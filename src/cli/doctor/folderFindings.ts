import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { relativeInside } from '../../core/paths.js';
import * as paths from 'node:path';
import type { ServerDefinition } from '../../core/server/definition.js';
import { declaredPort } from '../../core/tcpPorts/declaredPort.js';
import { isObject } from '../../discovery/files/isObject.js';
import { maxFileBytes } from '../../discovery/files/limits.js';
import { currentPlatform } from '../../host/platform/currentPlatform.js';
import { listenersOn } from '../../host/system/listeners.js';
import { readTextFile } from '../../host/system/readTextFile.js';
import type { FoundServers } from '../folder/findServers.js';
import type { WindowServer } from '../windows/listedServers.js';
import { ok, problem, warning, type Finding } from './finding.js';

/** Checks what the files of a folder document. */
export function checkFiles({ definitions, problems }: FoundServers): readonly Finding[] {
  const faults = problems.map((each) =>
    problem(each, 'Correct the file. The other servers are listed all the same.'),
  );
  if (definitions.length > 0)
    return [ok(`The files of the folder document ${definitions.length} servers.`), ...faults];
  const advice =
    'Add a script such as "dev" to package.json, or the server to .vscode/dev-servers.json. Is this the folder of the project?';
  return [problem('The files of the folder document no server.', advice), ...faults];
}

/** Checks whether the packages of each server are installed, and whether a file with variables is missing. */
export async function checkInstalled(
  definitions: readonly ServerDefinition[],
  folder: string,
): Promise<readonly Finding[]> {
  const folders = [...new Set(definitions.map(({ cwd }) => cwd))];
  const found = await Promise.all(
    folders.flatMap((each) => [missingPackages(each, folder), missingVariables(each)]),
  );
  return found.flat();
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
        `Port ${port}, which ${definition.id} uses, is in use by ${holder}.`,
        'Stop that program, or start the server in the editor, which offers a free port.',
      ),
    ];
  });
}

async function missingPackages(folder: string, root: string): Promise<readonly Finding[]> {
  if (!(await hasDependencies(folder))) return [];
  for (let path = folder; ; path = dirname(path)) {
    if (await exists(join(path, 'node_modules'))) return [];
    // Yarn can keep packages in one file instead.
    if (await exists(join(path, '.pnp.cjs'))) return [];
    if (relativeInside(root, path, paths) === undefined || path === root || dirname(path) === path) break;
  }
  return [
    problem(
      `The packages of ${folder} are not installed: there is no node_modules.`,
      'Install them there, for example with: npm install. A new git worktree has none of its own.',
    ),
  ];
}

async function missingVariables(folder: string): Promise<readonly Finding[]> {
  const examples = ['.env.example', '.env.sample'];
  if (await exists(join(folder, '.env'))) return [];
  for (const name of examples) {
    if (!(await exists(join(folder, name)))) continue;
    const advice = `If the server needs it, copy ${name} or the file of another checkout.`;
    return [warning(`${folder} has ${name}, but no .env.`, advice)];
  }
  return [];
}

async function hasDependencies(folder: string): Promise<boolean> {
  try {
    const file = await readTextFile(join(folder, 'package.json'), maxFileBytes);
    const content: unknown = file.kind === 'text' ? JSON.parse(file.text) : undefined;
    if (!isObject(content)) return false;
    return ['dependencies', 'devDependencies'].some(
      (field) => isObject(content[field]) && Object.keys(content[field]).length > 0,
    );
  } catch {
    return false;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
