import { escapeRegExp } from '../../../core/escapeRegExp.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { guideLines } from '../shared/guideLines.js';
import { guidePageLines } from '../shared/guidePages.js';
import { makeFiles, makeTargets } from '../taskRunners/makeTargets.js';
import { variantFile } from './composeFiles.js';

/** A line that starts containers, and the option that names a file. */
const starts = /\b(?:docker|podman)[- ]compose\b[^\n]{0,200}\bup\b/u;
const namesFile = /\s(?:-f|--file)[\s=]/u;

/** Number of lines after a change of the folder that may start its containers. */
const maxLinesAfter = 8;

/** Returns whether a guide of the project or of the folder says to start the containers of a file. */
export function isDocumented(path: string, facts: FolderFacts): boolean {
  const [file, folder] = [baseName(path), folderOf(path)];
  const named = new RegExp(String.raw`(?<![\w.-])${escapeRegExp(file)}(?![\w-])`, 'u');
  const isStart = (line: string): boolean =>
    starts.test(line) && (namesFile.test(line) ? named.test(line) : !variantFile.test(file));
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

const callsMake = /(?:^|[`$;&\s])make (?<target>[\w.-]{1,100})(?=$|[`;&\s])/u;

/** Adds the recipes of the targets of `make` that lines of a guide call. */
function withRecipes(lines: readonly string[], folder: string, facts: FolderFacts): string[] {
  const calls = new Set(lines.flatMap((line) => callsMake.exec(line)?.groups?.['target'] ?? []));
  const file = calls.size === 0 ? undefined : makeFiles.find((name) => facts.names(folder).has(name));
  if (file === undefined) return [...lines];
  const targets = makeTargets(facts.text(joinPath(folder, file)) ?? '');
  return [...lines, ...targets.filter(({ name }) => calls.has(name)).flatMap((target) => target.lines)];
}
