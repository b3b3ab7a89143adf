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

/** Starts a process host. */
export function forkHost({ hostPath, ledgerFolder, windowId, logFolder }: HostProgram): ChildProcess {
  return fork(hostPath, [ledgerFolder, windowId, logFolder], {
    // The editor's own executable runs as Node only with this variable.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', [markerName]: hostMarker(windowId) },
    // A young generation of one megabyte: with a larger one, the garbage of a hundred starts stays for as long as the
    // host is idle. So little is collected faster by one thread than by helper threads that must be woken. An idle host
    // collects by itself (`--expose-gc`) and keeps the code of its scans, which V8 would discard at the second
    // collection.
    execArgv: ['--max-semi-space-size=1', '--single-threaded-gc', '--expose-gc', '--no-flush-bytecode'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    // A session of its own, so that a signal to the editor's process group leaves it the time to stop its servers.
    detached: process.platform !== 'win32',
  });
}
