import { fork, type ChildProcess } from 'node:child_process';
import { hostMarker, markerName } from '../system/marker.js';

export interface HostProgram {
  /** Absolute path of the process host's bundle. */
  readonly hostPath: string;
  /** Folder of the ledger. */
  readonly ledgerFolder: string;
  readonly windowId: string;
  /** Folder of the logs. */
  readonly logFolder: string;
}

/** Environment variable with the port on which a debugger attaches to the process host. */
const inspectVariable = 'DEV_SERVERS_INSPECT_HOST';

/** Starts a process host. */
export function forkHost({ hostPath, ledgerFolder, windowId, logFolder }: HostProgram): ChildProcess {
  const { [inspectVariable]: inspectPort = '', ...env } = process.env;
  return fork(hostPath, [ledgerFolder, windowId, logFolder], {
    // The editor's own executable is a Node only if it is told so.
    env: { ...env, ELECTRON_RUN_AS_NODE: '1', [markerName]: hostMarker(windowId) },
    // Megabytes for what is young: what a hundred starts left behind stayed otherwise for as long as nothing else ran. So
    // little is collected sooner alone than by threads that must be woken for it. At rest it collects on its own account, and
    // keeps the code that it needs for each of its looks, which V8 would forget with the second collection.
    execArgv: [
      '--max-semi-space-size=1',
      '--single-threaded-gc',
      '--expose-gc',
      '--no-flush-bytecode',
      ...inspectArguments(inspectPort),
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // A session of its own, so that what ends the editor's process group leaves it the time to end its servers.
    detached: process.platform !== 'win32',
  });
}

/** Listens on the loopback address only. Ignores anything but a port number. */
function inspectArguments(port: string): string[] {
  return /^\d+$/.test(port) ? [`--inspect=127.0.0.1:${port}`] : [];
}
