import type { SimpleCommand, Word } from '../commandLine/parse.js';
import { portFlag as longPort, splitList, type PortOption, type ToolRow } from '../serverTools/toolRow.js';
import { toolNamed } from '../serverTools/toolTable.js';

/** Placeholder of the port, which a `portArgument` must contain. */
export const portPlaceholder = '{port}';

/**
 * Returns how the tool of a command is given its port: by the user's `portArgument`, or as is known of the tool.
 * `undefined` for an unknown tool, and for one that does not serve.
 */
export function findPortOption({ tool, args }: SimpleCommand, portArgument?: string): PortOption | undefined {
  if (portArgument !== undefined) return optionOfArgument(portArgument);
  const row = toolNamed(tool);
  if (!row?.port) return undefined;
  const takesPort =
    portCommands(row)?.some((name) => (name === '' ? isBare(args) : includesArgument(args, name))) ?? true;
  return takesPort ? row.port : undefined;
}

/** Returns the commands of a tool that take a port; `undefined` for a tool that does nothing but serve. */
function portCommands({ serves, otherwise, port }: ToolRow): readonly string[] | undefined {
  if (port?.commands) return port.commands;
  if (serves === undefined) return undefined;
  return otherwise === 'server' ? ['', ...splitList(serves)] : splitList(serves);
}

/** Reads the option of a `portArgument`; `--listen={port}`, `-l {port}` and `--bind 127.0.0.1:{port}` name one. */
function optionOfArgument(portArgument: string): PortOption {
  const words = portArgument.trim().split(/\s+/u);
  const name = /^(?:--?[\w-]+(?==)|-\w(?=\{)|-\S+$)/u.exec(words[0] ?? '')?.[0];
  return {
    words: words.map((word) => word.replaceAll(portPlaceholder, '{}')),
    names: name === undefined ? [] : [name],
    lastCounts: true,
  };
}

/** Returns the last argument that sets the port; for an unknown tool that of `--port`, which nearly all have. */
export function portWord(
  { args }: SimpleCommand,
  option: Pick<PortOption, 'names'> = longPort,
): Word | undefined {
  return args.findLast(({ text }, index) =>
    option.names.length === 0
      ? // A number of one digit is the value of another option.
        /^(?:[\w.[\]:-]*:)?\d{2,5}$/u.test(text)
      : isValueOf(option.names, text, args[index - 1]?.text),
  );
}

/** Returns the port at the end of `3000`, `--port=3000` or `localhost:3000`; `undefined` for 0, which means any port. */
export function trailingPort(text: string): number | undefined {
  const value = Number(/(?:^|[:=]|^-\w)(\d{1,5})$/u.exec(text)?.[1] ?? 0);
  return value >= 1 && value <= 65_535 ? value : undefined;
}

/** Returns whether an argument is the value of an option: by itself, after `=`, or after the letter of a short option. */
function isValueOf(names: readonly string[], text: string, previous: string | undefined): boolean {
  if (trailingPort(text) === undefined) return false;
  if (previous !== undefined && names.includes(previous)) return !text.startsWith('-');
  return names.some(
    (name) =>
      text.startsWith(`${name}=`) || (/^-\w$/u.test(name) && /^-\w\d+$/u.test(text) && text.startsWith(name)),
  );
}

/** Returns whether the arguments begin without a command: with an option, a path, or not at all. */
function isBare([first]: readonly Word[]): boolean {
  return first === undefined || first.text.startsWith('-') || /[./]/u.test(first.text);
}

function includesArgument(args: readonly Word[], sought: string): boolean {
  return args.some(({ text }) => text === sought);
}
