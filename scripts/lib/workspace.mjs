// @ts-check
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { runLogged } from './command.mjs';
import { withLock } from './lock.mjs';
import { fromRoot, repoRoot } from './paths.mjs';
import { reservePorts } from './ports.mjs';
import { temporaryFolder } from './temporaryFolder.mjs';

/** Workspace that `npm start` opens and the tests copy. */
export const exampleWorkspace = fromRoot('examples', 'workspace');

/** Workspace with a small app for each framework that the tests start. */
export const frameworksWorkspace = fromRoot('test', 'fixtures', 'frameworks');

/**
 * Installs the dependencies of a workspace if they are missing or its lock file has changed.
 * @param {string} workspace
 */
export async function ensureDependencies(workspace) {
  const stamp = join(workspace, 'node_modules', '.lock-file-hash');
  const lockFile = readFileSync(join(workspace, 'package-lock.json'));
  const wanted = createHash('sha256').update(lockFile).digest('hex');
  const isComplete = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isComplete()) return;
  const name = relative(repoRoot, workspace);
  const work = fromRoot('out', 'install', name.replaceAll(/[/\\]/g, '-'));
  await withLock(`${work}.lock`, async () => {
    if (isComplete()) return;
    console.log(`Installing the dependencies of ${name}`);
    const command = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    await runLogged(`Installing ${name}`, command, { cwd: workspace, log: `${work}.log` });
    writeFileSync(stamp, wanted);
  });
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
