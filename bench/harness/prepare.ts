import { existsSync, mkdirSync } from 'node:fs';
import { runLogged } from '../../scripts/lib/command.mjs';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { installOnce } from '../../scripts/lib/cache.mjs';
import { installed, type Setup } from './setup.js';

/** Installs the peers, and compiles the small server if there is a C compiler. */
export async function prepare(options: Pick<Setup, 'isQuick' | 'cycles'>): Promise<Setup> {
  const packages = fromRoot('bench', 'peers');
  const peers = await installOnce({ product: 'the peers of the benchmark', name: 'bench-peers', packages });
  return { ...options, peers, ...(await smallServer()) };
}

async function smallServer(): Promise<Pick<Setup, 'server' | 'serverNote'>> {
  const compiler = ['cc', 'gcc', 'clang'].find((name) => installed(name) !== undefined);
  if (compiler === undefined) {
    return {
      server: [process.execPath, fromRoot('bench', 'servers', 'tiny.mjs')],
      serverNote: 'There is no C compiler, so the small servers are Node programs, whose start takes longer.',
    };
  }
  const target = fromRoot('out', 'bench', 'tiny');
  if (!existsSync(target)) {
    mkdirSync(fromRoot('out', 'bench'), { recursive: true });
    const command = [compiler, '-O2', '-o', target, fromRoot('bench', 'servers', 'tiny.c')];
    await runLogged('Compiling the small server', command, { log: fromRoot('out', 'bench', 'tiny.log') });
  }
  return { server: [target], serverNote: undefined };
}
