import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath, resolvedPath } from '../../files/relativePath.js';
import { packageScripts } from '../shared/packageScripts.js';
import { parseJsonFile } from '../shared/json.js';
import { ownValue } from '../shared/ownValues.js';

/** Maximum number of packages that are read to find the one that has a script. */
const maxPackages = 100;

/** Options that do not select packages. */
const options = String.raw`(?: --(?:parallel|stream|continue|if-present|no-bail|no-daemon|(?:ui|concurrency|log-order|output-logs)[ =][\w%-]+))*`;

/** A line that runs a script in all packages that have it. */
const inAllPackages = new RegExp(
  String.raw`^(?:npx |pnpm exec |yarn )?(?:(?:turbo|lerna) run|turbo|pnpm (?:-r|--recursive|recursive)${options} run|pnpm run (?:-r|--recursive)|yarn workspaces run)${options} (?!-)([\w:.-]+)${options}$`,
  'u',
);

/** The script of the only package that has it. */
interface OnlyScript {
  readonly script: string;
  /** Folder of its package, relative to the folder of the workspace. */
  readonly folder: string;
}

/**
 * Returns a function for the script that a line runs in all packages of a workspace, if only one of these has it. The
 * line is another way to start that script then.
 */
export function onlyPackages(
  root: string,
  manifest: string,
  facts: FolderFacts,
): (line: string) => OnlyScript | undefined {
  return (line) => {
    const script = inAllPackages.exec(line)?.[1];
    if (script === undefined) return undefined;
    const folders = packageFolders(root, manifest, facts) ?? [];
    const having = folders.filter((folder) => packageScripts(joinPath(root, folder), facts).has(script));
    const [folder, ...others] = having;
    return folder === undefined || others.length > 0 ? undefined : { script, folder };
  };
}

/** Returns the folders that may contain the packages of a workspace; `undefined` if they are not known. */
function packageFolders(root: string, manifest: string, facts: FolderFacts): string[] | undefined {
  const patterns = packagePatterns(root, manifest, facts).filter((pattern) => !pattern.startsWith('!'));
  const found = new Set<string>();
  for (const pattern of patterns) {
    const [, folder, star] = /^(?:\.\/)?([\w@.-]+(?:\/[\w@.-]+)*)(\/\*)?\/?$/u.exec(pattern) ?? [];
    const path = folder === undefined ? undefined : resolvedPath(root, folder);
    if (folder === undefined || path === undefined) return undefined;
    const names = star === undefined ? [''] : [...facts.names(path)].filter((name) => !name.startsWith('.'));
    for (const name of names) found.add(name === '' ? folder : joinPath(folder, name));
  }
  return found.size > maxPackages ? undefined : [...found];
}

/** Returns the patterns for folders of packages in the settings of pnpm, npm or Lerna. */
function packagePatterns(root: string, manifest: string, facts: FolderFacts): string[] {
  const settings = facts.text(joinPath(root, 'pnpm-workspace.yaml'));
  if (settings !== undefined) {
    const [list = ''] = /^packages:[ \t]*\n(?:[ \t]*(?:[-#][^\n]*)?\n)*/mu.exec(`${settings}\n`) ?? [];
    return [...list.matchAll(/^[ \t]*-[ \t]+["']?([^"'\s#]+)/gmu)].map(([, pattern = '']) => pattern);
  }
  const workspaces = valueIn(manifest, 'workspaces', facts);
  const patterns =
    ownValue(workspaces, 'packages') ??
    workspaces ??
    valueIn(facts.text(joinPath(root, 'lerna.json')) ?? '{}', 'packages', facts);
  return Array.isArray(patterns) ? patterns.filter((pattern) => typeof pattern === 'string') : [];
}

function valueIn(text: string, key: string, facts: FolderFacts): unknown {
  const read = parseJsonFile(text, facts.l10n);
  return 'value' in read ? ownValue(read.value, key) : undefined;
}
