import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import { builtFile } from '../../../support/builtFile.js';

const program = builtFile('cli.js');

/** The output of a command, and how it ended. */
export interface CommandAnswer {
  /** Exit code; for a command that a signal has ended, the code that a shell reports. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line in a folder. */
export function startCommand(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command as often as the first argument says, and prints the answers. */
const starter = `const { execFile } = require('node:child_process');
const [count, ...command] = process.argv.slice(1);
const answer = () => new Promise((resolve) =>
  execFile(process.execPath, command, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr })));
Promise.all(Array.from({ length: Number(count) }, answer)).then((all) => console.log(JSON.stringify(all)));`;

/**
 * Runs the same command several times at the same moment. A separate process starts them: this process is the window,
 * and could not answer meanwhile.
 */
export async function answersOf(
  count: number,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<readonly CommandAnswer[]> {
  const child = spawn(process.execPath, ['-e', starter, String(count), program, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse((await answerOf(child)).stdout) as readonly CommandAnswer[];
}

/** Resolves when the command has ended. */
export async function answerOf(child: ChildProcess): Promise<CommandAnswer> {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code: signal === null ? code : 128 + constants.signals[signal], stdout, stderr };
}

/** A command that keeps running, with its output so far. */
export class RunningCommand {
  #output = '';
  readonly #end: Promise<[number | null]>;

  constructor(private readonly child: ChildProcess) {
    this.#end = once(child, 'close') as Promise<[number | null]>;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.#output += chunk));
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves with the exit code. */
  async interrupt(): Promise<number | null> {
    this.child.kill('SIGINT');
    return this.end();
  }

  async end(): Promise<number | null> {
    return (await this.#end)[0];
  }
}
