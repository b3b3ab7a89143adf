import { splitCommands } from '../../../core/commandLine/parse.js';
import { baseName } from '../../files/relativePath.js';
import type { GuidedProject } from './guidedProject.js';

/** Files that the parser of Compose finds itself, and judges by more than their names. */
const knownFile = /^(?:docker-)?compose(?:[.-].*)?\.ya?ml$/u;

const background = /^(?:-d|--detach|--wait)$/u;

/** Options of Compose with a separate value. */
const optionWithValue = /^(?:-f|--file|-p|--project-name|--profile|--env-file|--project-directory|--scale)$/u;

export function isCompose([program = '', command = '']: readonly string[]): boolean {
  return program === 'docker-compose' || (program === 'docker' && command === 'compose');
}

/**
 * Returns the call of Compose that a target of `make` leaves in the background, if it starts nothing else; `undefined`
 * for another command.
 */
export function composeOfTarget(
  [program, target = '', ...others]: readonly string[],
  folder: string,
  project: GuidedProject,
): readonly string[] | undefined {
  const made = program === 'make' && others.length === 0 ? project.makeTarget(target, folder) : undefined;
  if (made?.classification !== 'other') return undefined;
  const calls = made.lines.flatMap(splitCommands).filter((words) => isCompose(words) && words.includes('up'));
  return calls.length === 1 ? calls[0] : undefined;
}

/**
 * Returns a command that starts a whole project of Compose with a file of an unusual name, alone or added to others, in
 * the foreground; `undefined` for other commands.
 */
export function documentedCompose(
  words: readonly string[],
  folder: string,
  project: GuidedProject,
): readonly string[] | undefined {
  const args = words.slice(words[0] === 'docker' ? 2 : 1).filter((arg) => !background.test(arg));
  const names = args.filter(
    (arg, index) => !arg.startsWith('-') && !optionWithValue.test(args[index - 1] ?? ''),
  );
  const files = args.filter((_, index) => /^(?:-f|--file)$/u.test(args[index - 1] ?? ''));
  if (names.join(' ') !== 'up' || files.every((file) => knownFile.test(baseName(file)))) return undefined;
  if (!files.every((file) => project.has(file, folder))) return undefined;
  const texts = files.map((file) => project.text(file, folder));
  return texts.some((text) => /^services:/mu.test(text)) ? ['docker', 'compose', ...args] : undefined;
}

/** Returns whether a command starts Compose with files that build nothing of the project. */
export function runsImages(words: readonly string[], folder: string, project: GuidedProject): boolean {
  const files = words.filter((_, index) => /^(?:-f|--file)$/u.test(words[index - 1] ?? ''));
  return isCompose(words) && !files.some((file) => /\bbuild:/u.test(project.text(file, folder)));
}
