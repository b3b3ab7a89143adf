// @ts-check
import { cpSync, existsSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { installOnce } from './cache.mjs';
import { withLock } from './lock.mjs';
import { fromRoot } from './paths.mjs';
import { temporaryFolder } from './temporaryFolder.mjs';

/** Workspace that `npm start` opens and the tests copy. */
export const exampleWorkspace = fromRoot('examples', 'workspace');

/** Workspace with a small app for each framework that the tests start. */
export const frameworksWorkspace = fromRoot('test', 'fixtures', 'frameworks');

/** Package managers, watchers and task runners that the process tests start servers with. */
export const testTools = fromRoot('test', 'fixtures', 'tools');

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

/**
 * Runs tests that start the servers of these workspaces. Their ports are fixed, so test runs on one machine take turns.
 * @template T
 * @param {() => Promise<T>} action
 */
export function withExamplePorts(action) {
  return withLock(join(tmpdir(), 'dev-server-registry-example-ports.lock'), action);
}

/**
 * Copies a workspace to a temporary folder, which is removed at the end. The dependencies are linked, not copied.
 * @param {string} [source]
 */
export async function copyWorkspace(source = exampleWorkspace) {
  if (existsSync(join(source, 'package-lock.json'))) await ensureDependencies(source);
  const folder = temporaryFolder('workspace');
  const path = join(folder.path, 'workspace');
  cpSync(source, path, { recursive: true, filter: (file) => basename(file) !== 'node_modules' });
  const dependencies = join(source, 'node_modules');
  if (existsSync(dependencies))
    symlinkSync(realpathSync(dependencies), join(path, 'node_modules'), 'junction');
  return { path, remove: folder.remove };
}
