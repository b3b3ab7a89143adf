import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Options of the command line and results of the preparation. */
export interface Setup {
  /** `true` to measure with fewer repetitions, as a check that all parts work. */
  readonly isQuick: boolean;
  /** Number of starts and stops in the part `soak`. */
  readonly cycles: number;
  /** Folder with the packages of the peers. */
  readonly peers: string;
  /** Program and first arguments of the small server. */
  readonly server: readonly [string, ...string[]];
  /** Reason why the small server is not the C program. */
  readonly serverNote: string | undefined;
}

/** Path of the process host that is shipped. */
export const hostPath = join(process.cwd(), 'dist/host.js');

/** Returns the number of repetitions: `full` in a full run; a tenth of it, but at least three, in a quick run. */
export function rounds({ isQuick }: Setup, full: number): number {
  return isQuick ? Math.max(3, Math.round(full / 10)) : full;
}

/** Returns the path of a file in the packages of the peers. */
export function peerScript({ peers }: Setup, path: string): string {
  return join(peers, 'node_modules', path);
}

/** Returns the full path of a program in PATH; `undefined` if it is not installed. */
export function installed(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
