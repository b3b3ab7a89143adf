import type { Translator } from '../core/ports.js';
import type { DiscoveryContext, DiscoveryProblem } from './discovery.js';
import { maxPackageFileBytes, maxPackages } from './limits.js';
import { parsePackageFile, type PackageFile } from './packageFile.js';
import type { WorkspaceFiles } from './ports.js';

/** A package folder, relative to the workspace folder, and what its `package.json` says. */
export interface Package extends PackageFile {
  readonly folder: string;
}

/** The packages of a workspace folder in the order of their folders, and what was wrong with the search itself. */
export async function searchPackages(
  { folder, l10n }: DiscoveryContext,
  files: WorkspaceFiles,
): Promise<{ packages: readonly Package[]; problems: readonly DiscoveryProblem[] }> {
  const all = [...new Set((await files.packageFiles()).map(folderOf))].toSorted(byDepth);
  const kept = all.slice(0, maxPackages).toSorted(compare);
  const problems =
    all.length > maxPackages
      ? [
          {
            file: folder.name,
            reason: l10n.t('It has {0} packages; {1} are searched.', all.length, maxPackages),
          },
        ]
      : [];
  const packages = await Promise.all(kept.map(async (path) => readPackage(path, l10n, files)));
  return { packages, problems };
}

/** The path of a folder's `package.json`. */
export function packageFileIn(folder: string): string {
  return folder === '' ? 'package.json' : `${folder}/package.json`;
}

async function readPackage(folder: string, l10n: Translator, files: WorkspaceFiles): Promise<Package> {
  const unread = { folder, scripts: [], agent: undefined };
  try {
    const file = await files.read(packageFileIn(folder), maxPackageFileBytes);
    if (file.kind === 'text') return { folder, ...parsePackageFile(file.text, l10n) };
    return { ...unread, problems: file.kind === 'absent' ? [] : [l10n.t('It is larger than 1 MiB.')] };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { ...unread, problems: [l10n.t('It cannot be read: {0}', detail)] };
  }
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

function byDepth(one: string, other: string): number {
  return depth(one) - depth(other) || compare(one, other);
}

function depth(folder: string): number {
  return folder === '' ? 0 : folder.split('/').length;
}

/** By code units, so that the order is the same in every locale. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
