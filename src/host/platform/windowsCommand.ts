import { join } from 'node:path';
import { ServerError } from '../../core/server/errors.js';
import type { ServerCommand } from '../../core/server/definition.js';
import { shellName } from '../../core/commandLine/substitute.js';
import { namedShellLine } from './shells.js';
import type { ProgramLine } from './platform.js';
import { untranslated } from '../../core/text.js';
import { system32 } from './windowsSystem.js';

/** Absolute path, so that no `cmd.exe` of a workspace is ever executed. */
const cmd = join(system32, 'cmd.exe');

/** Characters that `cmd.exe`, or a batch file that passes its arguments on, interprets even between quotation marks. */
const unsafeForCmd = /["%!^&|<>\p{Cc}]/u;

/** A path of a share, such as one of WSL, except with the prefix for long paths. */
const isNetworkFolder = /^(?:\\\\[^?.]|\\\\\?\\UNC\\)/i;

/** An argument that needs no quotation marks: no blank, and no separator of the arguments of a batch file. */
const plainArgument = /^[\w.:\\/@+~-]+$/;

/**
 * Returns the program line for a command. Package managers are `.cmd` files on Windows, which only `cmd.exe` executes,
 * and it interprets its whole line (CVE-2024-27980). So an `.exe` or `.com` file is executed directly, with any
 * arguments; for other files, throws `spawnFailed` for an argument that `cmd.exe` could interpret. A tool is called by
 * its whole path, so that it cannot be mistaken for a file in its working folder. Throws `spawnFailed` for a working folder
 * that `cmd.exe` cannot have.
 */
export function windowsProgramLine(
  command: ServerCommand,
  path: string | undefined,
  cwd: string,
): ProgramLine {
  const line = programLine(command, path);
  // It would run in the folder of Windows instead.
  if (isNetworkFolder.test(cwd) && shellName(line.file) === 'cmd') {
    throw new ServerError(
      'spawnFailed',
      untranslated('cmd.exe cannot run in a network folder: {0}. Map a drive letter to the share.', cwd),
    );
  }
  return line;
}

function programLine(command: ServerCommand, path: string | undefined): ProgramLine {
  if (command.kind === 'shell') return withLine(namedShellLine(command.shell ?? cmd, command.line));
  const program = path ?? command.file;
  if (/\.(?:exe|com)$/i.test(program)) return withLine({ file: program, args: command.args });
  const args = [program, ...command.args];
  const unsafe = args.find((arg) => unsafeForCmd.test(arg));
  if (unsafe !== undefined) {
    throw new ServerError(
      'spawnFailed',
      untranslated('Some characters cannot be passed to a command safely: "{0}".', unsafe),
    );
  }
  return namedShellLine(cmd, args.map(quoteForCmd).join(' '));
}

/** Returns the endings of programs. The bare name comes last: beside `npm.cmd` there is an `npm` for other systems. */
export function programEndings(env: Readonly<Record<string, string>>): string[] {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATHEXT') ?? '';
  const endings = (env[name] ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '');
  return [...endings, ''];
}

/** Joins the arguments to a line: node-pty leaves a word with a blank unquoted if it begins and ends with a quote. */
function withLine({ file, args }: ProgramLine): ProgramLine {
  return { file, args: typeof args === 'string' ? args : args.map(quoteForProgram).join(' ') };
}

/**
 * Quotes an argument for a program that splits its line as the C runtime does:
 * https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments.
 */
function quoteForProgram(arg: string): string {
  if (/^[^\s"]+$/.test(arg)) return arg;
  // Backslashes are literal, except before a quotation mark.
  return `"${arg.replaceAll(/(?<!\\)(\\*)"/g, String.raw`$1$1\"`).replace(/(?<!\\)\\+$/, '$&$&')}"`;
}

/** Quotes an argument. A backslash before the closing quotation mark would escape it, so it is doubled. */
function quoteForCmd(arg: string): string {
  return plainArgument.test(arg) ? arg : `"${arg.replace(/(?<!\\)\\+$/, '$&$&')}"`;
}
