import type { FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders, joinPath, resolvedPath } from '../../files/relativePath.js';
import { ownEntries, ownValue, scalarText } from '../shared/ownValues.js';
import { parseTomlFile } from '../shared/toml.js';

/** The workspace to which a package belongs. */
export interface Workspace {
  readonly folder: string;
  readonly manifest: unknown;
}

/** Returns the nearest workspace above a package that does not exclude it. */
export function workspaceOf(folder: string, facts: FolderFacts): Workspace | undefined {
  const above = ancestorFolders(folder).filter((ancestor) => facts.names(ancestor).has('Cargo.toml'));
  for (const ancestor of above) {
    const text = facts.text(joinPath(ancestor, 'Cargo.toml'));
    if (text === undefined || !/^[ \t]*\[workspace/mu.test(text)) continue;
    const read = parseTomlFile(text, facts.l10n);
    if ('problem' in read) continue;
    const workspace = ownValue(read.value, 'workspace');
    if (workspace === undefined) continue;
    const path = ancestor === '' ? folder : folder.slice(ancestor.length + 1);
    const excluded = ownValue(workspace, 'exclude');
    const isExcluded =
      Array.isArray(excluded) &&
      excluded.some((each) => path === each || path.startsWith(`${scalarText(each)}/`));
    return isExcluded ? undefined : { folder: ancestor, manifest: read.value };
  }
  return undefined;
}

/** Returns the folders of the packages of the same project that a package depends on. */
export function memberFolders(manifest: unknown, folder: string, workspace: Workspace | undefined): string[] {
  const shared = ownValue(ownValue(workspace?.manifest, 'workspace'), 'dependencies');
  return ownEntries(ownValue(manifest, 'dependencies')).flatMap(([name, value]) => {
    const isShared = ownValue(value, 'workspace') === true;
    const path = ownValue(isShared ? ownValue(shared, name) : value, 'path');
    const base = isShared ? (workspace?.folder ?? '') : folder;
    return typeof path === 'string' ? (resolvedPath(base, path) ?? []) : [];
  });
}

/** Returns whether Cargo runs a package, and no other, if the command in its workspace selects none. */
export function isDefaultMember(folder: string, workspace: Workspace | undefined): boolean {
  const members = ownValue(ownValue(workspace?.manifest, 'workspace'), 'default-members');
  if (workspace === undefined || !Array.isArray(members) || members.length !== 1) return false;
  return resolvedPath(workspace.folder, scalarText(members[0])) === folder;
}
