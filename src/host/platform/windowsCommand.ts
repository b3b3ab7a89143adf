import { join } from 'node:path';
import { ServerError } from '../../core/server/errors.js';
import type { ServerCommand } from '../../core/server/definition.js';
import { namedShellLine } from './shells.js';
import type { ProgramLine } from './platform.js';

/** By absolute path, so that no `cmd.exe` of a workspace is ever executed. */
const cmd = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'cmd.exe');

/** Characters that `cmd.exe`, or a batch file that hands its words on, would act upon even between quotation marks. */
const unsafeForCmd = /["%!^&|<>\p{Cc}]/u;

/** What needs no quotation marks: neither a blank nor what parts the words of a batch file. */
const plainArgument = /^[\w.:\\/@+~-]+$/;

/**
 * Package managers are `.cmd` files here, which only `cmd.exe` executes, and it reads its whole line (CVE-2024-27980). What
 * is a program of its own is executed without it, with whatever words; for all else, words that could mean something to
 * `cmd.exe` are refused. Called by its whole path, a tool cannot be mistaken for a file in the folder that it runs in.
 */
export function windowsProgramLine(command: ServerCommand, path: string | undefined): ProgramLine {
  if (command.kind === 'shell') return namedShellLine(command.shell ?? cmd, command.line);
  const program = path ?? command.file;
  if (/\.(?:exe|com)$/i.test(program)) return { file: program, args: command.args };
  const args = [program, ...command.args];
  const unsafe = args.find((arg) => unsafeForCmd.test(arg));
  if (unsafe !== undefined) {
    throw new ServerError(
      'spawnFailed',
      `"${unsafe}" holds characters that cannot be passed to a command safely.`,
    );
  }
  return namedShellLine(cmd, args.map(quoteForCmd).join(' '));
}

/** Endings of programs. The bare name comes last: beside `npm.cmd` there is an `npm` for other systems. */
export function programEndings(env: Readonly<Record<string, string>>): string[] {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATHEXT') ?? '';
  const endings = (env[name] ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '');
  return [...endings, ''];
}

/** A backslash before the closing quotation mark would take that as a part of the word. */
function quoteForCmd(arg: string): string {
  return plainArgument.test(arg) ? arg : `"${arg.replace(/\\+$/, '$&$&')}"`;
}
