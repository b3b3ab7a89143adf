import { otherPrograms } from '../../core/serverTools/otherPrograms.js';
import { splitList } from '../../core/serverTools/toolRow.js';
import { programOfPackage, toolNamed } from '../../core/serverTools/toolTable.js';
import { processesJobs } from './jobWorkers.js';
import type { Classification } from './classification.js';

/** Classifies a tool with these arguments; `undefined` for an unknown tool. */
export function classifyTool(name: string, args: readonly string[]): Classification | undefined {
  if (isOtherWork(name, args)) return 'other';
  const { serves, mayServe, otherWork = '', otherwise } = toolNamed(name) ?? {};
  if ((serves ?? otherwise) === undefined) return undefined;
  if (args.some((arg) => splitList(otherWork).includes(arg))) return 'other';
  if (isServing(args, serves)) return 'server';
  return isServing(args, mayServe) ? 'unknown' : (otherwise ?? 'other');
}

function isOtherWork(name: string, args: readonly string[]): boolean {
  // A client starts the servers of languages and of tools for agents.
  return otherPrograms.has(name) || args.includes('--stdio') || processesJobs([name, ...args].join(' '));
}

/**
 * Returns the name of a program without folder, version and extension: `vite` for `./node_modules/.bin/vite`, `vite@7`
 * and `vite.js`, `python` for `python3.12`. For a package whose program has another name, it returns that one: `ng` for
 * `@angular/cli`.
 */
export function commandName(path: string): string {
  const bare = path.includes('@', 1) ? path.replace(/(?<=.)@[^/@]*$/u, '') : path;
  const program = programOfPackage(bare);
  if (program !== undefined) return program;
  const name = bare.slice(Math.max(bare.lastIndexOf('/'), bare.lastIndexOf('\\')) + 1);
  return /^python[\d.]*$/u.test(name) ? 'python' : name.replace(/\.(?:[cm]?js|cmd|exe|bat)$/u, '');
}

function isServing(args: readonly string[], serves = ''): boolean {
  return splitList(serves).some((each) =>
    args.some(
      (arg) => arg === each || arg.endsWith(`:${each}`) || (each.startsWith('--') && arg.startsWith(each)),
    ),
  );
}
