import { escapeRegExp } from '../../../core/escapeRegExp.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { baseName, folderOf } from '../../files/relativePath.js';
import { guideLines } from '../shared/guideLines.js';
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
  if (guideLines(folder, facts).some(isStart)) return true;
  return folder !== '' && isNamedAbove(path, isStart, facts);
}

/** Returns whether the guide at the top names a file, or changes to its folder first. */
function isNamedAbove(path: string, isStart: (line: string) => boolean, facts: FolderFacts): boolean {
  const lines = guideLines('', facts);
  if (lines.some((line) => starts.test(line) && line.includes(path))) return true;
  const folder = escapeRegExp(folderOf(path));
  const enters = new RegExp(String.raw`\b(?:cd|pushd)\s+(?:\./)?${folder}/?(?=[\s;&\x60]|$)`, 'u');
  return lines.some(
    (line, index) => enters.test(line) && lines.slice(index, index + maxLinesAfter).some(isStart),
  );
}
