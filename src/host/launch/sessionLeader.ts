import { execFile } from 'node:child_process';
import { constants, existsSync, lstatSync, openSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { makeFolders } from '../system/privateFolder.js';
import { leaderName } from '../system/processMarker.js';
import type { PtyProgram } from './terminalProcess.js';
import {
  carryVariables,
  leaderScript,
  parseReport,
  rootScript,
  type LeaderReport,
} from './sessionLeaderScript.js';

const mkfifoTimeoutMs = 5000;

/** Shells that can lead, the best one first: dash needs a quarter of the memory of bash and reports signals. */
const shells = ['/bin/dash', '/bin/sh'];

export interface LeaderOptions {
  /**
   * Whether a leader keeps running when the process host is killed, and with it the server, so that another process can
   * stop it politely.
   */
  readonly outlivesHost: boolean | Promise<boolean>;
  readonly reportError: (error: unknown) => void;
}

/**
 * Puts a small shell between the pseudo-terminal and each server, on POSIX systems. It leads the session and outlives
 * the server. Without it the first process of the server leads the session, and when that ends, the kernel sends SIGHUP
 * to all that is still closing down. The leaders report by one FIFO, which no output of a server can delay. Not yet run
 * on macOS.
 */
export class SessionLeaders {
  readonly #receivers = new Map<string, (report: LeaderReport) => void>();
  readonly #reports: Socket;

  private constructor(
    private readonly folder: string,
    private readonly shell: string,
    private readonly outlivesHost: boolean,
    file: number,
  ) {
    this.#reports = new Socket({ fd: file, readable: true, writable: false });
    let rest = '';
    this.#reports.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#receive(line);
    });
  }

  /**
   * Creates the FIFO in a new folder that only this user can enter. Resolves with `undefined` if the system does not
   * support this; servers then lead their sessions themselves.
   */
  static async open(
    folder: string,
    { outlivesHost, reportError }: LeaderOptions,
    shell = shells.find((path) => existsSync(path)),
  ): Promise<SessionLeaders | undefined> {
    try {
      if (shell === undefined) return undefined;
      await makeFolders(folder, 0o700);
      const [isOutliving] = await Promise.all([
        outlivesHost,
        promisify(execFile)('mkfifo', ['-m', '600', reportsPath(folder)], { timeout: mkfifoTimeoutMs }),
      ]);
      // Opened for writing too: otherwise the stream would end whenever no leader has the FIFO open.
      const file = openSync(reportsPath(folder), constants.O_RDWR | constants.O_NONBLOCK);
      return new SessionLeaders(folder, shell, isOutliving, file);
    } catch (error) {
      reportError(error);
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      return undefined;
    }
  }

  /** Returns whether a leader can report. A shell would create a plain file in place of a FIFO that was removed. */
  get canReport(): boolean {
    return lstatSync(reportsPath(this.folder), { throwIfNoEntry: false })?.isFIFO() === true;
  }

  /** Returns a leader that runs the program. Until `forget`, `onReport` is called with its reports. */
  lead(runId: string, program: PtyProgram, onReport: (report: LeaderReport) => void): PtyProgram {
    const { file, args, cwd } = program;
    const isDash = basename(this.shell) === 'dash';
    const { env, carried } = carryVariables(program.env, { cwd, isDash });
    this.#receivers.set(runId, onReport);
    const root = rootScript(carried, { file, isDash });
    const words = [leaderName, runId, this.folder, this.shell, root, file, ...[args].flat()];
    return { file: this.shell, args: ['-c', leaderScript(this.outlivesHost), ...words], cwd, env };
  }

  /** Ends the reports of a leader, and removes its files. */
  forget(runId: string): void {
    this.#receivers.delete(runId);
    for (const name of [runId, `${runId}.job`]) rmSync(join(this.folder, name), { force: true });
  }

  /** Removes the folder. */
  close(): void {
    this.#reports.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #receive(line: string): void {
    const { runId, report } = parseReport(line) ?? {};
    if (runId !== undefined && report) this.#receivers.get(runId)?.(report);
  }
}

function reportsPath(folder: string): string {
  return join(folder, 'reports');
}
