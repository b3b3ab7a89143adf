import * as v from 'valibot';
import type { ServerCommand } from '../../../core/server/definition.js';
import type { FileParser, Findings, FolderFacts, FoundServer } from '../../files/fileParser.js';
import { fillFolderVariables, parentPath, UnknownVariableError } from '../../files/folderVariables.js';
import { isObject } from '../../files/isObject.js';
import { parseJsonc } from '../../files/jsonc.js';
import { folderOf } from '../../files/relativePath.js';
import { splitName } from '../../scripts/nameWords.js';
import { isStoreName } from '../../scripts/stores.js';
import { pythonCommand } from '../python/python.js';
import { classifyIn } from './classifyIn.js';
import { isStale } from './staleLaunch.js';

const text = v.pipe(
  v.string(),
  v.check((value) => !value.includes('\0')),
);
const textOrList = v.optional(v.union([text, v.array(text)]));

/** A configuration of the debugger. Its other properties do not affect the command. */
const schema = v.object({
  name: v.pipe(text, v.trim(), v.nonEmpty()),
  type: text,
  request: v.literal('launch'),
  program: v.optional(text),
  module: v.optional(text),
  script: v.optional(text),
  command: v.optional(text),
  args: textOrList,
  cwd: v.optional(text),
  env: v.optional(v.record(text, v.union([text, v.number(), v.null()]))),
  runtimeExecutable: v.optional(text),
  runtimeArgs: textOrList,
  serverReadyAction: v.optional(v.unknown()),
});
type Configuration = v.InferOutput<typeof schema>;

/** Words in the names of configurations that debug a server. */
const servingWords: ReadonlySet<string> = new Set(
  'api app backend dev django fastapi flask frontend fullstack next server serve service start storybook web'.split(
    ' ',
  ),
);
const otherWords: ReadonlySet<string> = new Set(
  'attach build cli current debugger file migrate script test tests jest vitest mocha pytest spec worker'.split(
    ' ',
  ),
);

/** Finds the servers among the programs that `.vscode/launch.json` debugs, to be run without a debugger. */
export const debugLaunchParser: FileParser = {
  source: 'launch',
  patterns: ['.vscode/launch.json'],
  parse(file, facts): Findings {
    const { value, problems } = parseJsonc(file.text, facts.l10n);
    const entries = isObject(value) ? value['configurations'] : undefined;
    const folder = folderOf(folderOf(file.path));
    const servers = (Array.isArray(entries) ? entries : []).flatMap(
      (entry) => serverOf(entry, folder, facts) ?? [],
    );
    return { servers, problems };
  },
};

/**
 * Returns the server of a configuration; `undefined` for other work, and for a configuration that only the editor can
 * resolve.
 */
function serverOf(entry: unknown, folder: string, facts: FolderFacts): FoundServer | undefined {
  const parsed = v.safeParse(schema, entry);
  if (!parsed.success) return undefined;
  try {
    return debuggedServer(parsed.output, folder, facts);
  } catch (error) {
    if (error instanceof UnknownVariableError) return undefined;
    throw error;
  }
}

function debuggedServer(
  configuration: Configuration,
  folder: string,
  facts: FolderFacts,
): FoundServer | undefined {
  const folderName = folder.split('/').pop() ?? '';
  const subfolder = fillFolderVariables(configuration.cwd ?? '', '.', folderName).replace(/^\.\/?/u, '');
  const directory = [folder, subfolder].filter((part) => part !== '').join('/');
  const fill = (value: string): string =>
    withoutDot(fillFolderVariables(value, parentPath(subfolder), folderName));
  const command = commands.get(configuration.type)?.(configuration, { directory, fill, facts });
  if (!command || isStale(command, directory, facts)) return undefined;
  if (!serves(configuration, command, directory, facts)) return undefined;
  const env = Object.entries(configuration.env ?? {}).flatMap(([key, value]) =>
    value === null || !/^[^=\0]+$/u.test(key) ? [] : [[key, fill(String(value))] as const],
  );
  return {
    name: configuration.name,
    command,
    directory,
    ...(env.length > 0 && { env: Object.fromEntries(env) }),
  };
}

/** Context in which a configuration becomes a command. */
interface LaunchContext {
  readonly directory: string;
  /** Replaces the variables of the editor. */
  readonly fill: (value: string) => string;
  readonly facts: FolderFacts;
}

type CommandOf = (configuration: Configuration, context: LaunchContext) => ServerCommand | undefined;

/** Returns the command that a debugger runs, by the type of its configuration. */
const commands: ReadonlyMap<string, CommandOf> = new Map<string, CommandOf>(
  Object.entries({
    'node-terminal': ({ command }, { fill }) =>
      command === undefined ? undefined : { kind: 'shell', line: fill(command) },
    go: ({ program, args }, { fill }) =>
      program === undefined
        ? undefined
        : argv('go', 'run', goTarget(fill(program)), ...wordsOf(args).map(fill)),
    python: pythonProgram,
    debugpy: pythonProgram,
    node: nodeProgram,
    'pwa-node': nodeProgram,
    bun: nodeProgram,
    rdbg: rubyProgram,
    ruby_lsp: rubyProgram,
  } satisfies Readonly<Record<string, CommandOf>>),
);

function pythonProgram(
  { module, program, args }: Configuration,
  { directory, fill, facts }: LaunchContext,
): ServerCommand | undefined {
  const file = program === undefined ? [] : [program];
  const target = module === undefined ? file : ['-m', module];
  return target.length === 0
    ? undefined
    : pythonCommand(directory, [...target, ...wordsOf(args)].map(fill), facts);
}

function nodeProgram(
  { type, program, args, runtimeExecutable, runtimeArgs }: Configuration,
  { fill }: LaunchContext,
): ServerCommand | undefined {
  const options = wordsOf(runtimeArgs).filter((word) => !word.startsWith('--inspect'));
  const words = [...options, ...(program === undefined ? [] : [program]), ...wordsOf(args)];
  const runtime = runtimeExecutable ?? (type === 'bun' ? 'bun' : 'node');
  return words.length === 0 ? undefined : argv(fill(runtime), ...words.map(fill));
}

function rubyProgram(
  { script, program, args }: Configuration,
  { fill }: LaunchContext,
): ServerCommand | undefined {
  const words = wordsOf(script ?? program);
  return words.length === 0 ? undefined : argv('ruby', ...[...words, ...wordsOf(args)].map(fill));
}

function argv(file: string, ...args: readonly string[]): ServerCommand {
  return { kind: 'argv', file, args };
}

/** Returns whether a configuration debugs a server: by its command, by what the editor does with it, or by its name. */
function serves(
  { name, type, env = {}, serverReadyAction }: Configuration,
  command: ServerCommand,
  directory: string,
  facts: FolderFacts,
): boolean {
  const classification = classifyIn(command, directory, facts);
  if (classification === 'server' || classification === 'other') return classification === 'server';
  const words = splitName(name);
  if (words.some((word) => otherWords.has(word))) return false;
  if (serverReadyAction !== undefined || words.some((word) => servingWords.has(word))) return true;
  return /^(?:pwa-)?node$|^bun$/u.test(type) && Object.keys(env).some(isOwnPort);
}

/** Returns whether a variable sets the port of the program itself, and not that of a server that it needs: `DB_PORT`. */
function isOwnPort(name: string): boolean {
  const owner = /^(?:(\w+)_)?PORT$/u.exec(name);
  return (
    owner !== null && !splitName(owner[1] ?? '').some((word) => isStoreName(word) || isNeeded.test(word))
  );
}

const isNeeded = /^(?:debug|inspect|mail|proxy|remote|smtp)$/u;

/** Returns the package of a file: `go run` accepts both. */
function goTarget(program: string): string {
  const folder = (program.endsWith('.go') ? folderOf(program) : program) || '.';
  return folder.startsWith('.') ? folder : `./${folder}`;
}

function withoutDot(path: string): string {
  return path.startsWith('./') ? path.slice(2) : path;
}

function wordsOf(list: Configuration['args']): string[] {
  return typeof list === 'string' ? list.split(/\s+/u).filter((word) => word !== '') : [...(list ?? [])];
}
