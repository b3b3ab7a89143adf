/** Longer lines are generated; they are not looked into. */
const maxLineLength = 4000;

const blankAt = /[ \t\r]+/uy;
const redirectionAt = /\d*(?:>>?|<<?)(?<target>&\d|-)?|&>>?/uy;
const operatorAt = /&&|\|\||[;&|()\n]/uy;
/** A word may be put together from quoted and bare parts. */
const wordAt = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|\$\([^)]*\)|`[^`]*`|[^\s"'\\;&|<>()`])+/suy;

/**
 * The commands of a line, each as its words without quotation marks, however they are joined: `a && b | c` are three.
 * What a shell would put in for variables stays as it is written; where output goes is left out. For telling what a
 * line does, never for executing it.
 */
export function commandsOf(line: string): string[][] {
  if (line.length > maxLineLength) return [];
  const commands: string[][] = [[]];
  let isTarget = false;
  for (let at = 0; at < line.length;) {
    const blank = matchAt(blankAt, line, at);
    const redirection = blank ?? matchAt(redirectionAt, line, at);
    const operator = redirection ?? matchAt(operatorAt, line, at);
    const found = operator ?? matchAt(wordAt, line, at);
    at += found?.[0].length ?? 1;
    if (blank || !found) continue;
    if (redirection) isTarget = redirection.groups?.['target'] === undefined;
    else if (operator) commands.push([]);
    else if (!isTarget) commands.at(-1)?.push(unquoted(found[0]));
    if (!redirection) isTarget = false;
  }
  return commands.filter((words) => words.length > 0);
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line) ?? undefined;
}

function unquoted(raw: string): string {
  return raw.replaceAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gsu,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replaceAll(/\\(["\\$`])/gu, '$1') ?? single ?? escaped ?? '',
  );
}
