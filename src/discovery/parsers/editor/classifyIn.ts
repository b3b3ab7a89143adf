import type { ServerCommand } from '../../../core/server/definition.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import type { Classification } from '../../scripts/classification.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import { parseJsonFile } from '../shared/json.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';

/** Classifies a command that runs in a folder, by the scripts of the package there. */
export function classifyIn(command: ServerCommand, directory: string, facts: FolderFacts): Classification {
  const line =
    command.kind === 'shell' ? command.line : [command.file, ...command.args].map(quotedWord).join(' ');
  return new CommandClassifier(scriptsIn(directory, facts)).classifyLine(line);
}

function scriptsIn(directory: string, facts: FolderFacts): ReadonlyMap<string, string> {
  const text = facts.text(joinPath(directory.replace(/^\.\/?/u, ''), 'package.json'));
  const read = text === undefined ? undefined : parseJsonFile(text, facts.l10n);
  if (read === undefined || 'problem' in read) return new Map();
  const scripts = ownEntries(ownValue(read.value, 'scripts'));
  return new Map(
    scripts.flatMap(([name, body]) => (typeof body === 'string' ? [[name, body] as const] : [])),
  );
}

/** Quotes an argument as the editor does: only one with white space; the shell interprets any other. */
export function quotedWord(argument: string): string {
  if (!/\s/u.test(argument) || /^(["']).*\1$/su.test(argument)) return argument;
  return argument.includes('"') ? `'${argument}'` : `"${argument}"`;
}
