import { escapeRegExp } from '../escapeRegExp.js';
import type { ServerDefinition } from './definition.js';

/** Place of a text in a file, from 0. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * Returns the place where a file defines a server: the key with its name, or else the first line that mentions the name;
 * `undefined` if none does, as in the file of a framework.
 */
export function definitionPlace(text: string, definition: ServerDefinition): TextPlace | undefined {
  const { source, id, name } = definition;
  const lines = text.split(/\r?\n/u);
  const first = source === 'scripts' ? lines.findIndex((line) => /"scripts"\s*:/u.test(line)) : 0;
  // The name for display may have a suffix that the id has not.
  const names = [id.slice(id.indexOf(':') + 1), name, name.replace(/ \([^()]*\)$/u, '')];
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
