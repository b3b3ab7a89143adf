import { ServerError } from '../server/errors.js';
import { untranslated } from '../text.js';

/** A value that replaces a part of a line. */
interface Substitution {
  /** The part, as written in the line. */
  readonly text: string;
  readonly index: number;
  readonly value: string;
}

/** A line for a shell, with the environment variables that the line refers to. */
export interface SubstitutedLine {
  readonly line: string;
  readonly env: Readonly<Record<string, string>>;
}

type Quotes = 'none' | 'single' | 'double';

/** Syntax of a kind of shell. */
interface ShellKind {
  /** Escapes the character after it. */
  readonly escape: string;
  readonly escapesInDouble: boolean;
  readonly hasSingleQuotes: boolean;
  /** Returns the text that replaces a value in the line; `undefined` if the value cannot be passed safely. */
  replacementFor(
    value: string,
    name: string,
    quotes: Quotes,
  ): { readonly text: string; readonly usesEnv: boolean } | undefined;
}

/** A value that is literal in every shell, quoted or not. */
const safeValue = /^[\w.:/+-]+$/u;

/**
 * The shell expands the value from the environment after it has parsed the line, so it interprets nothing in it, at any
 * position. The quotes around the variable only keep it one word; they close and reopen the quotes of the line.
 */
const posix: ShellKind = {
  escape: '\\',
  escapesInDouble: true,
  hasSingleQuotes: true,
  replacementFor: (_value, name, quotes) => {
    const quote = { none: '', single: "'", double: '"' }[quotes];
    return { text: `${quote}"$${name}"${quote}`, usesEnv: true };
  },
};

/** An unquoted variable is one word here, and two quotes in a row would be one literal quote. */
const powerShell: ShellKind = {
  escape: '`',
  escapesInDouble: true,
  hasSingleQuotes: true,
  replacementFor: (_value, name, quotes) =>
    quotes === 'single' ? undefined : { text: `\${env:${name}}`, usesEnv: true },
};

/**
 * Variables are expanded before the line is parsed here, so the value is inserted, and refused if it could end the
 * quotes.
 */
const cmd: ShellKind = {
  escape: '^',
  escapesInDouble: false,
  hasSingleQuotes: false,
  replacementFor: (value, _name, quotes) =>
    /["%!\r\n\0]/u.test(value)
      ? undefined
      : { text: quotes === 'double' ? value : `"${value}"`, usesEnv: false },
};

/** An unknown shell gets only values that are literal in every shell. */
const unknownShell: ShellKind = { ...posix, replacementFor: () => undefined };

const kinds: Readonly<Record<string, ShellKind>> = {
  sh: posix,
  bash: posix,
  dash: posix,
  ash: posix,
  ksh: posix,
  zsh: posix,
  fish: posix,
  pwsh: powerShell,
  powershell: powerShell,
  cmd,
};

/** Returns the name that identifies the syntax of a shell: `zsh` for `/bin/zsh`, `cmd` for `C:\…\cmd.exe`. */
export function shellName(shell: string): string {
  return shell
    .replace(/^.*[\\/]/u, '')
    .replace(/\.exe$/iu, '')
    .toLowerCase();
}

/**
 * Substitutes values in a line for a shell, so that the shell passes each on literally. Throws `badRequest` for a value
 * that cannot be passed to this shell safely.
 */
export function substituteValues(
  line: string,
  values: readonly Substitution[],
  shell: string,
): SubstitutedLine {
  const name = shellName(shell);
  const kind = (Object.hasOwn(kinds, name) ? kinds[name] : undefined) ?? unknownShell;
  const env: Record<string, string> = {};
  let text = '';
  let position = 0;
  let quotes: Quotes = 'none';
  for (const { text: part, index, value } of values) {
    const before = line.slice(position, index);
    quotes = quotesAfter(before, quotes, kind);
    const variable = `DEV_SERVER_REGISTRY_VALUE_${Object.keys(env).length + 1}`;
    const replacement = safeValue.test(value)
      ? { text: value, usesEnv: false }
      : kind.replacementFor(value, variable, quotes);
    if (!replacement) {
      throw new ServerError(
        'badRequest',
        untranslated('The value of {0} cannot be passed to {1} safely here.', part, name),
      );
    }
    if (replacement.usesEnv) env[variable] = value;
    text += before + replacement.text;
    position = index + part.length;
  }
  return { line: text + line.slice(position), env };
}

/** Returns the quotes that are open after a part of a line. */
function quotesAfter(text: string, before: Quotes, kind: ShellKind): Quotes {
  let quotes = before;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    const escapes = quotes === 'none' || (quotes === 'double' && kind.escapesInDouble);
    if (character === kind.escape && escapes) index += 1;
    else quotes = quotesAfterCharacter(character, quotes, kind);
  }
  return quotes;
}

/** Treats the other kind of quotes as literal within open quotes. */
function quotesAfterCharacter(character: string, before: Quotes, { hasSingleQuotes }: ShellKind): Quotes {
  if (character === '"' && before !== 'single') return before === 'double' ? 'none' : 'double';
  const isSingle = character === "'" && hasSingleQuotes;
  if (isSingle && before !== 'double') return before === 'single' ? 'none' : 'single';
  return before;
}
