import type { FileParser } from '../../files/fileParser.js';
import { sourceLines } from '../shared/sourceText.js';
import { targetServers, type Target } from './targets.js';

interface Recipe extends Target {
  readonly isHidden: boolean;
}

/** Finds the recipes of justfiles that serve. */
export const justfile: FileParser = {
  source: 'taskRunners',
  patterns: ['justfile', 'Justfile', '.justfile'],
  parse: ({ text }, facts) =>
    targetServers(
      recipesOf(sourceLines(text.replaceAll(/\\\r?\n[\t ]*/gu, ' '))),
      { program: 'just' },
      facts,
    ),
};

/** Returns the recipes; one that is private or needs arguments cannot be started by its name. */
function recipesOf(lines: readonly string[]): Recipe[] {
  const variables = new Map<string, string>();
  const recipes: (Recipe & { lines: string[] })[] = [];
  let attributes = '';
  let isInRecipe = false;
  for (const line of lines) {
    if (/^\s*(?:#|$)/u.test(line)) continue;
    if (/^\s/u.test(line)) {
      if (isInRecipe) recipes.at(-1)?.lines.push(filled(line.trim().replace(/^[@-]+/u, ''), variables));
      continue;
    }
    isInRecipe = false;
    if (/^\[.*\]\s*$/u.test(line)) {
      attributes += line;
      continue;
    }
    const assignment = /^(?:export\s+)?([\w-]+)\s*:=\s*["']?([^"']*)["']?\s*$/u.exec(line);
    if (assignment) variables.set(assignment[1] ?? '', assignment[2] ?? '');
    const header = /^@?([A-Za-z_][\w-]*)([^:=]*?(?:=[^:]*)?):(?!=)\s*([^#]*)/u.exec(line);
    if (header) {
      isInRecipe = true;
      const [, name = '', parameters = '', dependencies = ''] = header;
      const isHidden = name.startsWith('_') || /\bprivate\b/u.test(attributes) || needsArguments(parameters);
      recipes.push({
        name,
        isHidden,
        lines: dependencies
          .split(/\s+/u)
          .filter((each) => /^[\w-]+$/u.test(each))
          .map((each) => `just ${each}`),
      });
    }
    attributes = '';
  }
  return recipes;
}

/** Returns whether a recipe has a parameter without a default: `port`, but not `port="80"`, `*args` or `+args="x"`. */
function needsArguments(parameters: string): boolean {
  return parameters
    .replaceAll(/["'][^"']*["']/gu, '""')
    .split(/\s+/u)
    .some((parameter) => /^[$+]?[\w-]+$/u.test(parameter));
}

function filled(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\{\{\s*([\w-]+)\s*\}\}/gu,
    (reference, name: string) => variables.get(name) ?? reference,
  );
}
