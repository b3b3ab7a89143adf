// @ts-check
import { join } from 'node:path';

/** Variables of the shell, npm or editor this script was called from, which would change how VS Code behaves. */
const foreign = /^(npm_|VSCODE_|ELECTRON_|NODE_OPTIONS$|INIT_CWD$|FORCE_COLOR$|NO_COLOR$|CI$)/i;

/**
 * The environment for a VS Code server: that of the person, with temporary files and sockets below `folder`.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} more
 * @returns {NodeJS.ProcessEnv}
 */
export function serverEnvironment(folder, more) {
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const temporary = join(folder, 'temporary');
  return {
    ...Object.fromEntries(inherited),
    TMPDIR: temporary,
    XDG_RUNTIME_DIR: temporary,
    // VS Code writes an id of the machine there.
    XDG_CACHE_HOME: join(folder, 'cache'),
    ...more,
  };
}

/**
 * Arguments that make the server listen on this machine only.
 * @param {{ port?: number, testDriver?: boolean, askForTrust?: boolean }} options
 */
export function listenArguments({ port = 0, testDriver = false, askForTrust = false }) {
  const listen = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  const driver = testDriver ? ['--enable-smoke-test-driver'] : [];
  const trust = askForTrust ? [] : ['--disable-workspace-trust'];
  return [...listen, '--telemetry-level', 'off', ...driver, ...trust];
}

/**
 * Arguments that keep the data of the server below `folder`.
 * @param {string} folder
 */
export function dataArguments(folder) {
  return [
    '--accept-server-license-terms',
    `--user-data-dir=${join(folder, 'user')}`,
    `--server-data-dir=${join(folder, 'server')}`,
    `--extensions-dir=${join(folder, 'extensions')}`,
  ];
}
