// @ts-check
import { join } from 'node:path';

/** Variables of the calling shell, npm or editor that would change the behavior of VS Code. */
const callerVariables = /^(npm_|VSCODE_|ELECTRON_|NODE_OPTIONS$|INIT_CWD$|FORCE_COLOR$|NO_COLOR$|CI$)/i;

/**
 * Returns the environment of a VS Code server: that of the user, with temporary files and sockets below `folder`.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} more
 * @returns {NodeJS.ProcessEnv}
 */
export function serverEnvironment(folder, more) {
  const inherited = Object.entries(process.env).filter(([name]) => !callerVariables.test(name));
  const temporary = join(folder, 'temporary');
  return {
    ...Object.fromEntries(inherited),
    TMPDIR: temporary,
    XDG_RUNTIME_DIR: temporary,
    // VS Code writes a machine id to this folder.
    XDG_CACHE_HOME: join(folder, 'cache'),
    // If it is empty, this build of VS Code opens servers at their own addresses. Its default is a path that nothing
    // serves.
    VSCODE_PROXY_URI: '',
    ...more,
  };
}

/** Time for which an extension host of a test waits for a page that has disappeared. VS Code waits 3 hours. */
const reconnectionGraceSeconds = 120;

/**
 * Returns arguments that make the server listen on the loopback address only.
 * @param {{ port?: number, testDriver?: boolean, askForTrust?: boolean, forTests?: boolean }} options
 */
export function listenArguments({ port = 0, testDriver = false, askForTrust = false, forTests = false }) {
  const listen = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  const driver = testDriver ? ['--enable-smoke-test-driver'] : [];
  const trust = askForTrust ? [] : ['--disable-workspace-trust'];
  // A page may close while its extension host restarts. VS Code 1.103 does not know the option, and only warns.
  const grace = forTests ? [`--reconnection-grace-time=${reconnectionGraceSeconds}`] : [];
  return [...listen, '--telemetry-level', 'off', ...driver, ...trust, ...grace];
}

/**
 * Returns arguments that keep the data of the server below `folder`.
 * @param {string} folder
 * @param {{ forTests?: boolean }} [options]
 */
export function dataArguments(folder, { forTests = false } = {}) {
  return [
    ...(forTests ? [`--builtin-extensions-dir=${join(folder, 'builtin')}`] : []),
    '--accept-server-license-terms',
    `--user-data-dir=${join(folder, 'user')}`,
    `--server-data-dir=${join(folder, 'server')}`,
    `--extensions-dir=${join(folder, 'extensions')}`,
  ];
}
