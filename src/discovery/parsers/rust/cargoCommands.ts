import type { FolderFacts } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { guideLines } from '../shared/guideLines.js';
import { sourceLines } from '../shared/sourceText.js';

/** Usual modules that define the command line of a program; some are folders. */
const commandModule =
  /^(?:lib|cli|cmds?|commands?|subcommands?|args?|arguments|opts?|options|app)(?<file>\.rs)?$/u;
const moduleFile = /^(?:mod|cli|args|serve|server)\.rs$/u;

const usesClap = /\bclap\b|\b[Ss]truct[Oo]pt\b/u;

const certainName = /^(?:(?:run|start)-)?server?(?:-(?:http|api|web))?$|^runserver$/u;
/** Names that indicate a server only in a program that is known to serve. */
const otherName = /^(?:start|run|web|api|http|up|listen|daemon)$/u;

/** A command line, as defined in the sources of a program. */
interface CommandLine {
  readonly names: readonly string[];
  /** Whether the program does something without a subcommand. */
  readonly isOptional: boolean;
}

/**
 * Returns the clap subcommand that makes a program serve: `serve` for a variant `Serve` or `Command::new("serve")`;
 * `undefined` for a program without one. `isServer` says whether the program is known to serve.
 */
export function servingSubcommand(source: string, isServer: boolean, facts: FolderFacts): string | undefined {
  const texts = commandSources(source, facts);
  if (!texts.some((text) => usesClap.test(text))) return undefined;
  const lines = texts.map(commandLineIn);
  const names = lines.flatMap((line) => line.names);
  const certain = names.find((name) => certainName.test(name) && (isServer || name !== 'server'));
  // In a program that is not known to serve, `server` may mean something else, e.g. a list of servers.
  if (certain !== undefined || !isServer || lines.some(({ isOptional }) => isOptional)) return certain;
  return names.find((name) => otherName.test(name));
}

/** A program, with the facts from the manifest of its package. */
interface Program {
  readonly name: unknown;
  readonly binary: string;
  readonly folder: string;
  /** Whether Cargo runs it in the workspace if the command selects no program. */
  readonly isDefault: boolean;
  /** Whether it is known to serve. */
  readonly isServer: boolean;
}

/**
 * Returns the subcommand that serves, according to the guides of a package or its workspace: `serve` in `cargo run --
 * serve`, `api start` in `cargo run -- api start`. This finds programs that parse their arguments without a known
 * library, or in other packages.
 */
export function documentedSubcommand(
  { name, binary, folder, isDefault, isServer }: Program,
  workspaceFolder: string,
  facts: FolderFacts,
): string | undefined {
  const folders = [...new Set([folder, workspaceFolder, ''])];
  const serves = (word: string): boolean => certainName.test(word) || (isServer && otherName.test(word));
  const calls = folders.flatMap((at) => {
    // A command in the folder of the workspace must select the program; next to its sources, it need not.
    const isThis = ({ selected }: ProgramRun): boolean =>
      selected === undefined ? at === folder || isDefault : selected === name || selected === binary;
    return guideLines(at, facts).flatMap(runsIn).filter(isThis);
  });
  const words = calls.map((call) => call.words.slice(0, call.words.findIndex(serves) + 1));
  return words.find(({ length }) => length > 0)?.join(' ');
}

/** A call of a program with a subcommand, perhaps of two words, and the package or program that it selects. */
interface ProgramRun {
  readonly selected: string | undefined;
  readonly words: readonly string[];
}

const commandWord = /^[a-z][a-z-]{1,30}$/u;

/** Options of `cargo run` with a separate value. */
const optionWithValue =
  /^(?:-[pFj]|--(?:package|bin|example|features|profile|target|target-dir|manifest-path|config|color|jobs))$/u;

/** Returns the calls in a line. Cargo passes its first unknown argument to the program, even without `--`. */
function runsIn(line: string): ProgramRun[] {
  const rest = /\bcargo (?:run|r) ([^`#;&|]{1,300})/u.exec(line)?.[1];
  if (rest === undefined) return [];
  const words = rest.trim().split(/\s+/u);
  const at = words.findIndex(
    (word, index) => !word.startsWith('-') && !optionWithValue.test(words[index - 1] ?? ''),
  );
  const subcommand = words[at];
  if (subcommand === undefined || !commandWord.test(subcommand)) return [];
  const selected = / (?:-p|--package|--bin)[ =]([\w-]{1,100})/u.exec(` ${words.slice(0, at).join(' ')}`)?.[1];
  return [
    {
      selected,
      words: [subcommand, ...words.slice(at + 1, at + 2).filter((word) => commandWord.test(word))],
    },
  ];
}

/** Maximum number of modules of a program that are read. */
const maxModules = 30;

/** Returns the texts of a program and of the modules that may define its command line. */
function commandSources(source: string, facts: FolderFacts): string[] {
  const folder = folderOf(source);
  // The files next to other programs do not belong to them.
  const names = baseName(source) === 'main.rs' ? [...facts.names(folder)] : [];
  const modules = names.flatMap((name) => {
    const match = commandModule.exec(name);
    if (!match) return [];
    const path = joinPath(folder, name);
    if (match.groups?.['file'] !== undefined) return [path];
    return [...facts.names(path)].filter((each) => moduleFile.test(each)).map((each) => joinPath(path, each));
  });
  const text = facts.text(source) ?? '';
  const declared = names.length === 0 ? [] : declaredModules(text, folder, new Set(names));
  // Request all of them, so that they are read at once.
  const usual = modules.map((path) => facts.text(path) ?? '');
  const others = declared.filter((path) => !modules.includes(path)).map((path) => facts.text(path) ?? '');
  return [text, ...usual, ...others.filter((each) => usesClap.test(each))];
}

/** Returns the files of the modules that a program declares: `mod cli_args;`. */
function declaredModules(text: string, folder: string, present: ReadonlySet<string>): string[] {
  const declared = sourceLines(text).flatMap(
    (line) => /^(?:pub(?:\([^)]{0,50}\))? )?mod (\w+);/u.exec(line)?.[1] ?? [],
  );
  return declared.slice(0, maxModules).flatMap((name) => {
    if (present.has(`${name}.rs`)) return joinPath(folder, `${name}.rs`);
    return present.has(name) ? joinPath(folder, `${name}/mod.rs`) : [];
  });
}

function commandLineIn(text: string): CommandLine {
  const lines = sourceLines(text).filter((line) => !/^\s*(?:\/\/|$)/u.test(line));
  const built = lines.flatMap(
    (line) => /\b(?:Command::new|SubCommand::with_name)\(\s*"([\w-]+)"/u.exec(line)?.[1] ?? [],
  );
  const enums = lines.flatMap((line, index) => {
    const name = /^\s*(?:pub(?:\([^)]*\))?\s+)?enum\s+(\w+)/u.exec(line)?.[1];
    return name !== undefined && isDerived(lines, index) ? [{ name, index }] : [];
  });
  return {
    names: [...built, ...enums.flatMap(({ index }) => variantsAfter(lines, index))],
    isOptional: enums.some(({ name }) => new RegExp(String.raw`\bOption<[\w:]*\b${name}>`, 'u').test(text)),
  };
}

/** Maximum number of attributes before a declaration. */
const maxAttributes = 10;

/** Returns whether the attributes before a declaration make it part of a command line. */
function isDerived(lines: readonly string[], index: number): boolean {
  const before = lines.slice(Math.max(0, index - maxAttributes), index).toReversed();
  const end = before.findIndex((line) => !/^\s*#\[/u.test(line));
  return before
    .slice(0, end === -1 ? undefined : end)
    .some((line) => /\bderive\(.*\b(?:Subcommand|Parser|StructOpt)\b/u.test(line));
}

/** Maximum number of lines of the variants of a command line and their fields. */
const maxVariantLines = 500;

/** Returns the names of the variants of an enum, as typed on the command line. */
function variantsAfter(lines: readonly string[], index: number): string[] {
  const body = lines.slice(index + 1, index + 1 + maxVariantLines);
  const end = body.findIndex((line) => line.startsWith('}'));
  const inside = body.slice(0, end === -1 ? undefined : end);
  const indent = Math.min(...inside.map((line) => line.search(/\S/u)));
  return inside.flatMap((line, at) => {
    const variant = line.search(/\S/u) === indent ? /^\s*([A-Z]\w*)/u.exec(line)?.[1] : undefined;
    if (variant === undefined) return [];
    const given = /^\s*#\[.*\bname\s*=\s*"([\w-]+)"/u.exec(inside[at - 1] ?? '')?.[1];
    return [given ?? kebabCase(variant)];
  });
}

function kebabCase(name: string): string {
  return name.replaceAll(/(?<=[a-z\d])(?=[A-Z])/gu, '-').toLowerCase();
}
