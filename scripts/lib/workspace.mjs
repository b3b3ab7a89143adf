// @ts-check
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { runLogged } from './command.mjs';
import { withLock } from './lock.mjs';
import { fromRoot, repoRoot } from './paths.mjs';
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
