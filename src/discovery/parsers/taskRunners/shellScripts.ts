import { splitCommands } from '../../../core/commandLine/parse.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath, resolvedPath } from '../../files/relativePath.js';

/** A script for a shell, relative to the folder in which it runs. */
const scriptPath = /^(?:\.\/)?(?:[\w-][\w.-]*\/){0,9}[\w-][\w.-]*\.(?:ba|z)?sh$/u;

/** Commands that only prepare a script, or return at once; also a branch that only sets variables. */
const prepares =
  /^(?:#|\w+=(?:"[^"]*"|\S*)$|if \[.*\]; then$|fi$|(?:set|export|unset|source|\.|shopt|trap|echo|printf|sleep|mkdir|chmod|exit|eval|caddy start)(?:\s|$))/u;

/** A line with another command after its first one. */
const isFollowed = /(?:&&|;)\s+(?!then$)\S/u;

/**
 * Returns what a target runs if that is only a shell script of the project: the lines of the script, without its
 * preparations. A program in it may then be recognized as the server that another file describes.
 */
export function linesOfShellScript(runs: string, folder: string, facts: FolderFacts): string | undefined {
  const script = scriptIn(runs);
  const path = script && resolvedPath(joinPath(folder, script.place), script.path);
  const text = path === undefined ? undefined : facts.text(path);
  if (script === undefined || text === undefined) return undefined;
  const own = commandsOf(text);
  return [...(script.place === '' ? [] : [`cd ${script.place}`]), ...own].join('\n');
}

/** Returns what a target runs, without its preparations. It may contain the text of a shell script. */
export function withoutPreparations(runs: string): string {
  return commandsOf(runs).join('\n');
}

function commandsOf(text: string): string[] {
  const lines = text.replaceAll(/\\\r?\n\s*/gu, '').split(/\r?\n/u);
  const commands = lines.map((line) => line.trim().replace(/^exec\s+/u, ''));
  return commands.filter((line) => line !== '' && (!prepares.test(line) || isFollowed.test(line)));
}

/** Returns the script that is all that a line runs, perhaps in another folder: `cd api && ./start.sh`. */
function scriptIn(line: string): { readonly path: string; readonly place: string } | undefined {
  if (!/\.(?:ba|z)?sh\b/u.test(line)) return undefined;
  const commands = splitCommands(line);
  const [first = '', second = ''] = commands.at(-1) ?? [];
  const path = /^(?:ba|z|da)?sh$/u.test(first) ? second : first;
  const place = placeOf(commands.slice(0, -1));
  return scriptPath.test(path) && place !== undefined ? { path, place } : undefined;
}

/** Returns the folder to which commands change, if they do nothing else. */
function placeOf(commands: readonly (readonly string[])[]): string | undefined {
  const [command = ['cd', '.'], ...others] = commands;
  const [program, place = ''] = command;
  const isPlain = program === 'cd' && /^[\w./-]+$/u.test(place) && !place.includes('..');
  return isPlain && others.length === 0 ? resolvedPath('', place) : undefined;
}
