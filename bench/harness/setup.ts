import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What the command line and the preparation give to a part. */
export interface Setup {
  /** Fewer repetitions, to see that all of it works. */
  readonly isQuick: boolean;
  /** Starts and stops of the soak. */
  readonly cycles: number;
  /** The folder with the packages that are measured beside ours. */
  readonly peers: string;
  /** The small server: program and first arguments. */
  readonly server: readonly [string, ...string[]];
  /** Why the small server is not the one that was meant. */
  readonly serverNote: string | undefined;
}

/** The process host as it is shipped. */
export const hostPath = join(process.cwd(), 'dist/host.js');

/** So many repetitions in a full run, a tenth of them, but three at least, in a quick one. */
export function rounds({ isQuick }: Setup, full: number): number {
  return isQuick ? Math.max(3, Math.round(full / 10)) : full;
}

/** A script of one of the peers, as npm would run it. */
export function peerScript({ peers }: Setup, path: string): string {
  return join(peers, 'node_modules', path);
}

/** The full path of a program on the PATH. */
export function installed(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
