/**
 * Names for the folders of a window that no two share, since ids begin with them: `web`, `web (2)`. The editor itself
 * calls two folders of the same name the same.
 */
export function distinctFolderNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let count = 2; taken.has(distinct); count += 1) distinct = `${name} (${count})`;
    taken.add(distinct);
    return distinct;
  });
}
