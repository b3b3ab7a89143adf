import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { builtFile } from '../../../support/builtFile.js';

const program = builtFile('cli.js');

/** What a command printed, and how it ended. */
export interface CommandAnswer {
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

/** Resolves when the command has ended. */
export async function answerOf(child: ChildProcess): Promise<CommandAnswer> {
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** A command that goes on, with what it has printed so far. */
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
