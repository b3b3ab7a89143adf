// Runs searches for its parent, which a spawn would block: searchProcess. Answers each message with the found files.
import { spawn } from 'node:child_process';

export interface Search {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
}

process.on('message', ({ program, args, folder }: Search) => {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  child.once('close', (code) => {
    if (code !== 0) throw new Error(`${program} ended with exit code ${code}.`);
    process.send?.(text.split('\n').filter((line) => line !== ''));
  });
});
