type NamedLine = readonly [name: string, body: string];

/** Maximum number of scripts that run with one; more lines would not fit into a question anyway. */
const maxScripts = 100;

/** Characters that separate the words of a line, in any shell. */
const separators = /[\s'"`;&|()<>]+/u;

/**
 * Returns the scripts of a package that may run with one of them: its hooks, such as `predev`, the scripts that its
 * line mentions, and their hooks. A name that is mentioned for another reason does no harm.
 */
export function otherScripts(name: string, scripts: ReadonlyMap<string, string>): readonly NamedLine[] {
  const found = new Set([name]);
  for (const each of found) {
    for (const other of [...hooksOf(each), ...mentioned(scripts.get(each) ?? '', scripts)]) {
      if (scripts.has(other)) found.add(other);
    }
    if (found.size > maxScripts) break;
  }
  found.delete(name);
  return [...found].map((other): NamedLine => [other, scripts.get(other) ?? '']);
}

function hooksOf(name: string): readonly string[] {
  return [`pre${name}`, `post${name}`];
}

function mentioned(line: string, scripts: ReadonlyMap<string, string>): readonly string[] {
  const words = line.split(separators).map((word) => word.replace(/^(?:npm|yarn|pnpm|bun|node):/u, ''));
  return words.flatMap((word) => {
    const star = word.indexOf('*');
    if (star <= 0) return [word];
    return [...scripts.keys()].filter((name) => name.startsWith(word.slice(0, star)));
  });
}
