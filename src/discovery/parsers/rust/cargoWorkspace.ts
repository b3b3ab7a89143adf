import type { FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders, joinPath, resolvedPath, relativeTo } from '../../files/relativePath.js';
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
    const path = relativeTo(ancestor, folder);
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

/** Maximum number of members of a workspace in which programs are searched. */
const maxMembers = 60;

/** Returns whether a package has the only programs of its workspace, so that `cargo run` there needs no name. */
export function hasOnlyProgram(
  folder: string,
  workspace: Workspace | undefined,
  facts: FolderFacts,
): boolean {
  if (workspace === undefined || ownValue(workspace.manifest, 'package') !== undefined) return false;
  const listed = ownValue(ownValue(workspace.manifest, 'workspace'), 'members');
  const members = (Array.isArray(listed) ? listed : []).flatMap((member) =>
    foldersMatching(scalarText(member), workspace.folder, facts),
  );
  if (members.length > maxMembers || !members.includes(folder)) return false;
  // Request all of them, so that they are listed at once.
  const others = members
    .filter((member) => member !== folder)
    .map((member) => ({ own: facts.names(member), sources: facts.names(joinPath(member, 'src')) }));
  return others.every(
    ({ own, sources }) => !own.has('Cargo.toml') || !(sources.has('main.rs') || sources.has('bin')),
  );
}

/** Returns the folders that a member of a workspace stands for: `crates/shop` or `crates/*`. */
function foldersMatching(member: string, base: string, facts: FolderFacts): string[] {
  const parent = member.endsWith('/*') ? member.slice(0, -2) : undefined;
  const at = resolvedPath(base, parent ?? member);
  if (at === undefined) return [];
  return parent === undefined && member !== '*'
    ? [at]
    : [...facts.names(member === '*' ? base : at)].map((name) => joinPath(member === '*' ? base : at, name));
}
