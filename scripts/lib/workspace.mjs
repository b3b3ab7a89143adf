// @ts-check
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runLogged } from './command.mjs';
import { withLock } from './lock.mjs';
import { cacheRoot, fromRoot } from './paths.mjs';
import { temporaryFolder } from './temporaryFolder.mjs';

/** The workspace that is opened by `npm start` and copied for the tests. */
export const exampleWorkspace = fromRoot('examples', 'workspace');

/** Installs what the example workspace depends on, when it is missing or its lock file has changed. */
export async function ensureExampleDependencies() {
  const stamp = join(exampleWorkspace, 'node_modules', '.lock-file-hash');
  const lockFile = readFileSync(join(exampleWorkspace, 'package-lock.json'));
  const wanted = createHash('sha256').update(lockFile).digest('hex');
  const isComplete = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isComplete()) return;
  await withLock(join(cacheRoot, 'examples.lock'), async () => {
    if (isComplete()) return;
    console.log('Installing the dependencies of examples/workspace');
    const command = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    const log = join(cacheRoot, 'examples.log');
    await runLogged('Installing examples/workspace', command, { cwd: exampleWorkspace, log });
    writeFileSync(stamp, wanted);
  });
}

/**
 * Runs tests that start the example servers. Their ports are fixed, so two test runs on one machine take turns.
 * @template T
 * @param {() => Promise<T>} action
 */
export function withExamplePorts(action) {
  return withLock(join(tmpdir(), 'dev-server-registry-example-ports.lock'), action);
}

/**
 * Copies a workspace to a temporary folder, which is removed at the end. Its dependencies are linked, not copied.
 * @param {string} [source]
 */
export async function copyWorkspace(source = exampleWorkspace) {
  if (source === exampleWorkspace) await ensureExampleDependencies();
  const folder = temporaryFolder('workspace');
  const path = join(folder.path, 'workspace');
  cpSync(source, path, { recursive: true, filter: (file) => basename(file) !== 'node_modules' });
  const dependencies = join(source, 'node_modules');
  if (existsSync(dependencies))
    symlinkSync(realpathSync(dependencies), join(path, 'node_modules'), 'junction');
  return { path, remove: folder.remove };
}
