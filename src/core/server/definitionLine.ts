import { escapeRegExp } from '../escapeRegExp.js';
import type { ServerDefinition } from './definition.js';

/** Place of a text in a file, from 0. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * Returns the place where a file defines a server: the command in a guide, the key with its name, or else the first line
 * that mentions the name; `undefined` if none does, as in the file of a framework.
 */
export function definitionPlace(text: string, definition: ServerDefinition): TextPlace | undefined {
  const { source, textInFile } = definition;
  const command = source === 'guides' && textInFile !== undefined ? findCommand(text, textInFile) : undefined;
  return command ?? findName(text, definition);
}

/** What may precede a command in its line, and follow it: a prompt, the marks of a quotation or code span, a comment. */
const before = String.raw`(?<=(?:^|\x60)[ \t>]*(?:(?:[$%\u276F]|PS>)[ \t]+)?)`;
const after = String.raw`(?=[ \t]*(?:$|\r|\x60|#|//))`;
/** Between two words; a backslash continues a line. */
const space = String.raw`(?:[ \t]|\\\r?\n)+`;

/** Finds a command that is a whole line or code span. */
function findCommand(text: string, command: string): TextPlace | undefined {
  const words = command.split(/\s+/u).map(escapeRegExp).join(space);
  const match = new RegExp(`${before}${words}${after}`, 'mu').exec(text);
  if (!match) return undefined;
  const linesBefore = text.slice(0, match.index).split('\n');
  const [firstLine = ''] = match[0].split(/\\\r?\n/u);
  return {
    line: linesBefore.length - 1,
    column: linesBefore.at(-1)?.length ?? 0,
    length: firstLine.trimEnd().length,
  };
}

function findName(text: string, { source, id, name, textInFile }: ServerDefinition): TextPlace | undefined {
  const lines = text.split(/\r?\n/u);
  const first = source === 'scripts' ? lines.findIndex((line) => /"scripts"\s*:/u.test(line)) : 0;
  // The name for display may have a suffix that the id has not.
  const known = textInFile === undefined ? [id.slice(id.indexOf(':') + 1), name] : [textInFile];
  const names = [...known, (textInFile ?? name).replace(/ \([^()]*\)$/u, '')];
  for (const pattern of [keyOf, mentionOf]) {
    for (const each of names) {
      const place = findPlace(lines, Math.max(0, first), each, pattern(each));
      if (place) return place;
    }
  }
  return undefined;
}

function findPlace(
  lines: readonly string[],
  from: number,
  name: string,
  pattern: RegExp,
): TextPlace | undefined {
  for (let line = from; line < lines.length; line += 1) {
    const match = pattern.exec(lines[line] ?? '');
    if (match) return { line, column: match.index + match[0].indexOf(name), length: name.length };
  }
  return undefined;
}

/** `"dev": "vite"`, `dev: vite`, `dev = vite`, and the targets of a makefile. */
function keyOf(name: string): RegExp {
  return new RegExp(String.raw`(?:^\s*|[{,]\s*)["'\x60]?${escapeRegExp(name)}["'\x60]?\s*[:=]`, 'u');
}

function mentionOf(name: string): RegExp {
  return new RegExp(String.raw`(?<![\w-])${escapeRegExp(name)}(?![\w-])`, 'u');
}
