import { escapeRegExp } from '../../../core/escapeRegExp.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { sourceLines } from '../shared/sourceText.js';
import { developerLines, guideLines } from '../shared/guideLines.js';
import { guidePageLines } from '../shared/guidePages.js';
import { makeFiles, makeTargets, withIncludes } from '../taskRunners/makeTargets.js';
import { variantFile } from './composeFiles.js';

/** A line that starts containers, and the option that names a file. */
const starts = /\b(?:docker|podman)[- ]compose\b[^\n]{0,200}\bup\b/u;
const namesFile = /\s(?:-f|--file)[\s=]/u;

/** Title of a chapter for those who run what is released. */
const chapterForUsers = /^#{1,6}\s.*\b(?:production|self-?host|deploy)/iu;

/** Number of lines after a change of the folder that may start its containers. */
const maxLinesAfter = 8;

/**
 * Returns whether a guide for developers says to start the containers of a file: one at the top for a file there, and
 * one in the folder of a file below that speaks of development, and has no chapter for production.
 */
export function isForDevelopers(path: string, facts: FolderFacts): boolean {
  const [file, folder] = [baseName(path), folderOf(path)];
  if (folder === '') return withRecipes(developerLines(facts), '', facts).some(startOf(file));
  const lines = guideLines(folder, facts);
  const isForUsers = lines.some((line) => chapterForUsers.test(line));
  return !isForUsers && lines.some(startOf(file)) && lines.some((line) => /\bdevelop/iu.test(line));
}

/** Returns a function that tells whether a line starts the containers of a file. */
function startOf(file: string): (line: string) => boolean {
  const named = new RegExp(String.raw`(?<![\w.-])${escapeRegExp(file)}(?![\w-])`, 'u');
  return (line) => starts.test(line) && (namesFile.test(line) ? named.test(line) : !variantFile.test(file));
}

/** Returns whether a guide of the project or of the folder says to start the containers of a file. */
export function isDocumented(path: string, facts: FolderFacts): boolean {
  const [file, folder] = [baseName(path), folderOf(path)];
  const isStart = startOf(file);
  if (withRecipes(guideLines(folder, facts), folder, facts).some(isStart)) return true;
  const above = [...(folder === '' ? [] : guideLines('', facts)), ...guidePageLines(facts)];
  const lines = withRecipes(above, '', facts);
  return folder === '' ? lines.some(isStart) : isNamedAbove(path, lines, isStart);
}

/** Returns whether lines of a guide at the top name a file, or change to its folder first. */
function isNamedAbove(path: string, lines: readonly string[], isStart: (line: string) => boolean): boolean {
  if (lines.some((line) => starts.test(line) && line.includes(path))) return true;
  const folder = escapeRegExp(folderOf(path));
  const enters = new RegExp(String.raw`\b(?:cd|pushd)\s+(?:\./)?${folder}/?(?=[\s;&\x60]|$)`, 'u');
  return lines.some(
    (line, index) => enters.test(line) && lines.slice(index, index + maxLinesAfter).some(isStart),
  );
}

/** A call of a task runner in a guide. */
const callsTask =
  /(?:^|[`$;&\s])(?<runner>make|just|task|mise(?: run)?) (?<name>[\w.:-]{1,100})(?=$|[`;&\s])/gu;

/** Files of other task runners than `make`. */
const taskFiles: Readonly<Record<string, readonly string[]>> = {
  just: ['justfile', 'Justfile', '.justfile'],
  task: ['Taskfile.yml', 'Taskfile.yaml'],
  mise: ['mise.toml', '.mise.toml'],
};

/** Adds the recipes of the tasks that lines of a guide call. */
function withRecipes(lines: readonly string[], folder: string, facts: FolderFacts): string[] {
  const names = new Map<string, Set<string>>();
  for (const line of lines) {
    for (const { groups: { runner = '', name = '' } = {} } of line.matchAll(callsTask)) {
      const program = runner.split(' ')[0] ?? '';
      names.set(program, (names.get(program) ?? new Set()).add(name));
    }
  }
  const recipes = [...names].flatMap(([program, called]) => recipesOf(program, called, folder, facts));
  return [...lines, ...recipes];
}

function recipesOf(
  program: string,
  called: ReadonlySet<string>,
  folder: string,
  facts: FolderFacts,
): string[] {
  const files = program === 'make' ? makeFiles : (taskFiles[program] ?? []);
  const file = files.find((name) => facts.names(folder).has(name));
  const text = file === undefined ? undefined : facts.text(joinPath(folder, file));
  if (text === undefined) return [];
  if (program !== 'make') return [...called].flatMap((name) => linesOfTask(name, text));
  const targets = makeTargets(withIncludes(text, folder, facts));
  return targets.filter(({ name }) => called.has(name)).flatMap((target) => target.lines);
}

/** Maximum number of lines of a task. */
const maxTaskLines = 8;

/** Returns the lines of a task up to the next empty line: after `name:` or `[tasks.name]`. */
function linesOfTask(name: string, text: string): string[] {
  const definition = new RegExp(
    String.raw`^\s{0,9}(?:\[tasks\.)?["']?${escapeRegExp(name)}["']?(?:\]|\b[^:=]{0,200}:)`,
    'u',
  );
  const lines = sourceLines(text);
  const start = lines.findIndex((line) => definition.test(line));
  if (start === -1) return [];
  const body = lines.slice(start + 1, start + 1 + maxTaskLines);
  const end = body.findIndex((line) => line.trim() === '');
  return body.slice(0, end === -1 ? undefined : end);
}
