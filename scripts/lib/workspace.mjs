// @ts-check
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { installOnce } from './cache.mjs';
import { fromRoot } from './paths.mjs';
import { reservePorts } from './ports.mjs';
import { temporaryFolder } from './temporaryFolder.mjs';

/** Workspace that `npm start` opens and the tests copy. */
export const exampleWorkspace = fromRoot('examples', 'workspace');

/** Workspace with a small app for each framework that the tests start. */
export const frameworksWorkspace = fromRoot('test', 'fixtures', 'frameworks');

/** Package managers, watchers and task runners that the process tests start servers with. */
export const testTools = fromRoot('test', 'fixtures', 'tools');

/** Additional programs that start servers, for the nightly test of clean ends. */
export const testWrappers = fromRoot('test', 'fixtures', 'wrappers');

/**
 * Installs the dependencies of a folder into the cache unless it has them, and links them into the folder.
 * @param {string} folder
 */
export async function ensureDependencies(folder) {
  const name = basename(folder);
  const packages = await installOnce({
    product: `the dependencies of ${name}`,
    name: `dependencies-${name}`,
    packages: folder,
  });
  const target = join(packages, 'node_modules');
  const link = join(folder, 'node_modules');
  if (existsSync(link) && realpathSync(link) === realpathSync(target)) return;
  rmSync(link, { recursive: true, force: true });
  symlinkSync(target, link, 'junction');
}

/** Ports in the files of the workspaces, by the name of the server. */
const workspacePorts = {
  [exampleWorkspace]: { web: 5173, preview: 4173, api: 4100, docs: 8200, stubborn: 4300 },
  [frameworksWorkspace]: {
    vite: 8310,
    next: 8311,
    astro: 8312,
    express: 8313,
    httpServer: 8314,
    django: 8315,
    flask: 8316,
    php: 8317,
  },
};

/**
 * @typedef {object} WorkspaceCopy
 * @property {string} path
 * @property {Record<string, number>} ports ports of its servers by name, which no other run on this machine uses
 * @property {() => Promise<void>} remove
 */

/**
 * Copies a workspace to a temporary folder, which is removed at the end, and gives its servers ports of their own. The
 * dependencies are linked, not copied.
 * @param {string} [source]
 * @returns {Promise<WorkspaceCopy>}
 */
export async function copyWorkspace(source = exampleWorkspace) {
  if (existsSync(join(source, 'package-lock.json'))) await ensureDependencies(source);
  const folder = temporaryFolder('workspace');
  const path = join(folder.path, 'workspace');
  cpSync(source, path, { recursive: true, filter: (file) => basename(file) !== 'node_modules' });
  const fixedPorts = Object.entries(workspacePorts[source] ?? {});
  const { ports, release } = await reservePorts(fixedPorts.map(([name]) => name));
  const changes = new Map(fixedPorts.map(([name, port]) => [String(port), String(ports[name])]));
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) replaceNumbers(join(entry.parentPath, entry.name), changes);
  const dependencies = join(source, 'node_modules');
  if (existsSync(dependencies))
    symlinkSync(realpathSync(dependencies), join(path, 'node_modules'), 'junction');
  const remove = async () => {
    await folder.remove();
    await release();
  };
  return { path, ports, remove };
}

/**
 * @param {string} file
 * @param {ReadonlyMap<string, string>} changes
 */
function replaceNumbers(file, changes) {
  const text = readFileSync(file, 'utf8');
  const changed = text.replaceAll(/\b\d{4}\b/g, (number) => changes.get(number) ?? number);
  if (changed !== text) writeFileSync(file, changed);
}
