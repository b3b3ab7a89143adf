import { splitCommands } from '../../../core/commandLine/parse.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { resolvedPath } from '../../files/relativePath.js';
import { unwrapLauncher, unwrapped } from '../../scripts/unwrapLauncher.js';

/** The program of Node.js that the settings of a bundler start after each build: `onSuccess: 'node dist/index.js'`. */
const startedProgram = /\bonSuccess\b[^;]{0,200}?["'\x60\s](node (?:--[\w-]+ )*[\w./-]+)/u;

const bundlers = /^(?:tsup|tsdown)$/u;

/**
 * Returns the command with which a bundler runs what it has built, if only its settings say so: `tsup` becomes
 * `tsup --onSuccess "node dist/index.js"`.
 */
export function withStartedProgram(line: string, folder: string, facts: FolderFacts): string | undefined {
  const call = unwrapped(splitCommands(line).at(-1) ?? []);
  const [bundler = '', ...args] = call;
  if (!bundlers.test(bundler) || unwrapLauncher(call)) return undefined;
  const settings = settingsIn(args) ?? defaultSettings(bundler, facts.names(folder));
  const program = settings === undefined ? undefined : programIn(settings, folder, facts);
  return program === undefined ? undefined : `${bundler} --onSuccess "${program}"`;
}

function programIn(settings: string, folder: string, facts: FolderFacts): string | undefined {
  const path = resolvedPath(folder, settings);
  return path === undefined ? undefined : startedProgram.exec(facts.text(path) ?? '')?.[1];
}

function settingsIn(args: readonly string[]): string | undefined {
  const index = args.findIndex((arg) => /^(?:-c|--config)(?:=|$)/u.test(arg));
  return /=(.+)/u.exec(args[index] ?? '')?.[1] ?? (index === -1 ? undefined : args[index + 1]);
}

function defaultSettings(bundler: string, names: ReadonlySet<string>): string | undefined {
  return [...names].find((name) => new RegExp(String.raw`^${bundler}\.config\.[cm]?[jt]s$`, 'u').test(name));
}
