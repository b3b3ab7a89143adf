import { ServerError } from '../server/errors.js';

/** A value that takes the place of a part of a line. */
interface Substitution {
  /** The part, as it stands in the line. */
  readonly text: string;
  readonly index: number;
  readonly value: string;
}

/** What a shell is given: its line, and variables of the environment to which the line refers. */
export interface SubstitutedLine {
  readonly line: string;
  readonly env: Readonly<Record<string, string>>;
}

type Quotes = 'none' | 'single' | 'double';

/** How a kind of shell reads a line. */
interface ShellKind {
  /** Takes away the meaning of the character behind it. */
  readonly escape: string;
  readonly escapesInDouble: boolean;
  readonly hasSingleQuotes: boolean;
  /** What stands in the line for a value; `undefined` where the value cannot be passed safely. */
  replacementFor(
    value: string,
    name: string,
    quotes: Quotes,
  ): { readonly text: string; readonly usesEnv: boolean } | undefined;
}

/** Means itself in every shell, quoted or not. */
const safeValue = /^[\w.:/+-]+$/u;

/**
 * The value is read by the shell from the environment, after it has parsed the line, so nothing in it can be acted upon,
 * wherever it stands. The marks around it only keep it one word; they close and open again what the line has opened.
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

/** A variable is one word here without marks, and two marks in a row would be one mark of the text. */
const powerShell: ShellKind = {
  escape: '`',
  escapesInDouble: true,
  hasSingleQuotes: true,
  replacementFor: (_value, name, quotes) =>
    quotes === 'single' ? undefined : { text: `\${env:${name}}`, usesEnv: true },
};

/** Variables are put in before the line is parsed here, so the value stands in it, and what could end the marks is refused. */
const cmd: ShellKind = {
  escape: '^',
  escapesInDouble: false,
  hasSingleQuotes: false,
  replacementFor: (value, _name, quotes) =>
    /["%!\r\n\0]/u.test(value)
      ? undefined
      : { text: quotes === 'double' ? value : `"${value}"`, usesEnv: false },
};

/** Of a shell that is not known here only values are passed that mean themselves everywhere. */
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

/** The name of a shell by which it is known what it reads: `zsh` for `/bin/zsh`, `cmd` for `C:\…\cmd.exe`. */
export function shellName(shell: string): string {
  return shell
    .replace(/^.*[\\/]/u, '')
    .replace(/\.exe$/iu, '')
    .toLowerCase();
}

/**
 * Puts values into a line for a shell. Whatever they hold, the shell does nothing but pass them on. Throws `badRequest`
 * for a value that this shell cannot be given safely.
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
      throw new ServerError('badRequest', `The value of ${part} cannot be passed to ${name} safely here.`);
    }
    if (replacement.usesEnv) env[variable] = value;
    text += before + replacement.text;
    position = index + part.length;
  }
  return { line: text + line.slice(position), env };
}

/** Which quotation marks are open behind a part of a line. */
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

/** Within marks of one kind those of the other mean nothing. */
function quotesAfterCharacter(character: string, before: Quotes, { hasSingleQuotes }: ShellKind): Quotes {
  if (character === '"' && before !== 'single') return before === 'double' ? 'none' : 'double';
  const isSingle = character === "'" && hasSingleQuotes;
  if (isSingle && before !== 'double') return before === 'single' ? 'none' : 'single';
  return before;
}
