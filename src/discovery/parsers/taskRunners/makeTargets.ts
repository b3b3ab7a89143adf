import type { FolderFacts } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { sourceLines } from '../shared/sourceText.js';
import type { Target } from './targets.js';

/** Maximum number of nested variables that are filled in. */
const maxDepth = 3;

/** A target that is a file. */
const fileName = /\.(?:py|[cm]?[jt]s|go|json|ya?ml|toml|txt|md|html|css|conf|pem|key|crt|db|sqlite3?)$/u;

/** Names of makefiles in the order in which `make` looks for them. */
export const makeFiles: readonly string[] = ['GNUmakefile', 'makefile', 'Makefile'];

/** Maximum number of included makefiles that are read. */
const maxIncludes = 10;

/** Returns the text of a makefile with those of the files that it includes by name. */
export function withIncludes(text: string, folder: string, facts: FolderFacts): string {
  const included = [...text.matchAll(/^[-s]?include[ \t]+(?:\.\/)?(\w[\w./-]{0,99})[ \t]*$/gmu)];
  const paths = included.flatMap(([, path = '']) => (path.includes('..') ? [] : path)).slice(0, maxIncludes);
  // Request all of them, so that they are read at once.
  const texts = paths
    .filter((path) => facts.names(folderOf(joinPath(folder, path))).has(baseName(path)))
    .map((path) => facts.text(joinPath(folder, path)) ?? '');
  return [text, ...texts].join('\n');
}

/** Returns the targets of a makefile. */
export function makeTargets(text: string): Target[] {
  return targetsOf(joinedLines(text));
}

/** Returns the explicit targets. Prerequisites precede the recipe, as in `make`. */
function targetsOf(lines: readonly string[]): Target[] {
  const variables = new Map<string, string>();
  const targets = new Map<string, string[]>();
  let current: readonly string[][] = [];
  for (const line of lines) {
    const assignment = /^\s*(?:(?:export|override)\s+)*([\w.-]+)\s*(?:[:?!+]|::)?=(.*)/u.exec(line);
    const ofTarget = /^([\w.-]+)\s*:\s*(export\s+)?[\w.-]+\s*[:?]?=\s*(\S+)$/u.exec(line);
    // A condition does not end the recipe; all of its branches count.
    if (/^\s*(?:ifn?(?:eq|def)\b|else\b|endif\b)|^\t\s*#/u.test(line)) continue;
    if (line.startsWith('\t')) for (const recipe of current) recipe.push(recipeLine(line, variables));
    else if (ofTarget) addProgram(ofTarget, targets, variables);
    else if (assignment) variables.set(assignment[1] ?? '', valueOf(assignment[2] ?? ''));
    else if (/^[^\s#]/u.test(line)) current = recipesOfRule(line, targets, variables);
  }
  return [...targets].map(([name, recipe]) => ({ name, lines: recipe, isHidden: fileName.test(name) }));
}

/** Adds the program that a variable of a target stands for: the prerequisites of the target run it. */
function addProgram(
  [, target = '', isExported, value = '']: readonly (string | undefined)[],
  targets: Map<string, string[]>,
  variables: ReadonlyMap<string, string>,
): void {
  const recipe = targets.get(target) ?? [];
  targets.set(target, recipe);
  // An exported variable is a setting, not a program.
  if (isExported === undefined && !/^[-\d]/u.test(value)) recipe.push(filled(value, variables));
}

/** Adds the targets of a rule, and returns their recipes; none for a line that is not a rule. */
function recipesOfRule(
  line: string,
  targets: Map<string, string[]>,
  variables: ReadonlyMap<string, string>,
): string[][] {
  const [, heads = '', needed = '', command] = /^([^:#=]+)::?(?!=)([^#;]*)(?:;([^#]*))?/u.exec(line) ?? [];
  const namesIn = (text: string): string[] => filled(text, variables).split(/\s+/u);
  // An absolute path, such as `/dev/null`, is no target.
  const prerequisites = namesIn(needed).filter((name) => /^[\w.-][\w./-]*$/u.test(name));
  return namesIn(heads)
    .filter((name) => /^\w[\w.:/-]*$/u.test(name))
    .map((name) => {
      const recipe = targets.get(name) ?? [];
      targets.set(name, recipe);
      recipe.push(...prerequisites.map((each) => `make ${each}`));
      if (command !== undefined) recipe.push(recipeLine(command, variables));
      return recipe;
    });
}

/** Returns the line that the shell of a recipe gets: without the prefixes of `make`, and with variables filled in. */
function recipeLine(line: string, variables: ReadonlyMap<string, string>): string {
  const command = line.trim().replace(/^(?:[@+-]|\$\([A-Z]\))+\s*/u, '');
  return withoutCalls(filled(command, variables)).replaceAll('$$', '$');
}

/** A call of a function of `make` without another call in it. */
const innerCall = /(?<!\$)\$\((?!if )[a-z]+ (?:[^()$]|\$\([\w.-]+\))*\)/gu;

/** Replaces the calls of functions: a shell would see several commands in `$(dir $(abspath shop))/server`. */
function withoutCalls(line: string): string {
  let text = line;
  for (let depth = 0; depth <= maxDepth && text.includes('$('); depth += 1)
    text = text.replaceAll(innerCall, '_');
  return text;
}

function filled(text: string, variables: ReadonlyMap<string, string>, depth = 0): string {
  if (depth > maxDepth) return text;
  return text.replaceAll(/\$[({]([\w.-]+)[)}]/gu, (reference, name: string) => {
    if (name === 'MAKE') return 'make';
    const value = variables.get(name);
    return value === undefined ? reference : filled(value.slice(0, 1000), variables, depth + 1);
  });
}

/**
 * Returns the value of a variable, without its comment. Of the commands that `make` runs for a value, only the search
 * for a program is understood: `$(shell which docker) compose`.
 */
function valueOf(text: string): string {
  const value = text.replace(/\s#.*$/u, '').trim();
  if (!value.startsWith('$(shell ')) return value;
  const [, program = '', rest = ''] =
    /^\$\(shell (?:which|command -v) ([\w.-]+)[^()]{0,100}\)(.*)$/u.exec(value) ?? [];
  return `${program}${rest}`;
}

/** Returns the lines, joined where a backslash continues them. */
function joinedLines(text: string): string[] {
  return sourceLines(text.replaceAll(/\\\r?\n[\t ]*/gu, ' '));
}
