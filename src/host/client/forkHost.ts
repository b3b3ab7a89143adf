import { fork, type ChildProcess } from 'node:child_process';
import { hostMarker, markerName } from '../system/processMarker.js';

export interface HostProgram {
  /** Absolute path of the process host's bundle. */
  readonly hostPath: string;
  /** Folder of the ledger. */
  readonly ledgerFolder: string;
  readonly windowId: string;
  /** Folder of the logs. */
  readonly logFolder: string;
  /** Folder of the editor, if there is one. */
  readonly editorFolder?: string | undefined;
  /** Whether the next window decides about servers that outlive both this window and its process host. */
  readonly keepsOrphans: boolean;
}

/** Environment variable with the port on which a debugger attaches to the process host. */
const inspectVariable = 'DEV_SERVERS_INSPECT_HOST';

/** Starts a process host. */
export function forkHost(program: HostProgram): ChildProcess {
  const { hostPath, ledgerFolder, windowId, logFolder, editorFolder = '', keepsOrphans } = program;
  const inspectPort = process.env[inspectVariable] ?? '';
  const kept = keepsOrphans ? ['keeps-orphans'] : [];
  return fork(hostPath, [ledgerFolder, windowId, logFolder, editorFolder, ...kept], {
    // The editor's own executable runs as Node only with this variable.
    env: {
      ...withoutNodeVariables(process.env),
      ELECTRON_RUN_AS_NODE: '1',
      [markerName]: hostMarker(windowId),
    },
    // Bounds the young generation, in MiB, which grows with many starts. Replaces the inherited options of the extension
    // host, such as its own `--inspect`.
    execArgv: ['--max-semi-space-size=1', ...inspectArguments(inspectPort)],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // Runs in its own session, so that a signal to the editor's process group leaves it the time to stop its servers.
    // On Windows, libuv puts children that are not detached into a job object, which would end it with its parent.
    detached: true,
  });
}

/**
 * Removes the variables that configure Node: an invalid option or a missing file in `NODE_OPTIONS` would keep the
 * process host from starting. Servers get them in a message.
 */
function withoutNodeVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^NODE_/i.test(name)));
}

/** Listens on the loopback address only. Ignores anything but a port number. */
function inspectArguments(port: string): string[] {
  return /^\d+$/.test(port) ? [`--inspect=127.0.0.1:${port}`] : [];
}
