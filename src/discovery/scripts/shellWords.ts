/** Longer lines are generated; they are not looked into. */
const maxLineLength = 4000;

/** What a line is made of. A word may be put together from quoted and bare parts. */
const parts = new RegExp(
  [
    String.raw`(?<blank>[ \t\r]+)`,
    String.raw`(?<redirection>\d*(?:>>?|<<?)(?<target>&\d|-)?|&>>?)`,
    String.raw`(?<operator>&&|\|\||[;&|()\n])`,
    String.raw`(?<word>(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|\$\([^)]*\)|\x60[^\x60]*\x60|[^\s"'\\;&|<>()\x60])+)`,
    String.raw`.`,
  ].join('|'),
  'gsu',
);

/**
 * The commands of a line, each as its words without quotation marks, however they are joined: `a && b | c` are three.
 * What a shell would put in for variables stays as it is written; where output goes is left out. For telling what a
 * line does, never for executing it.
 */
export function splitCommands(line: string): string[][] {
  if (line.length > maxLineLength) return [];
  const commands: string[][] = [[]];
  let isTarget = false;
  for (const { groups = {} } of line.matchAll(parts)) {
    if (groups['operator']) commands.push([]);
    if (groups['redirection']) isTarget = groups['target'] === undefined;
    else if (groups['word']) {
      if (!isTarget) commands.at(-1)?.push(unquoted(groups['word']));
      isTarget = false;
    }
  }
  return commands.filter((words) => words.length > 0);
}

function unquoted(raw: string): string {
  return raw.replaceAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/gsu,
    (_, double?: string, single?: string, escaped?: string) =>
      double?.replaceAll(/\\(["\\$`])/gu, '$1') ?? single ?? escaped ?? '',
  );
}
