import type { ServerCommand } from '../../../core/server/definition.js';
import type { FolderFacts } from '../../files/fileParser.js';
import type { Classification } from '../../scripts/classification.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import { packageScripts } from '../shared/packageScripts.js';

/** Classifies a command that runs in a folder, by the scripts of the package there. */
export function classifyIn(command: ServerCommand, directory: string, facts: FolderFacts): Classification {
  const line =
    command.kind === 'shell' ? command.line : [command.file, ...command.args].map(quotedWord).join(' ');
  const scripts = packageScripts(directory.replace(/^\.\/?/u, ''), facts);
  return new CommandClassifier(scripts).classifyLine(line);
}

/** Quotes an argument as the editor does: only one with white space; the shell interprets any other. */
export function quotedWord(argument: string): string {
  if (!/\s/u.test(argument) || /^(["']).*\1$/su.test(argument)) return argument;
  return argument.includes('"') ? `'${argument}'` : `"${argument}"`;
}
