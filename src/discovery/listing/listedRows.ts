import { ancestorFolders, folderOf } from '../files/relativePath.js';
import { isInExample } from './purpose.js';
import { runsBuild } from './serverRank.js';
import type { Row } from './serverRows.js';

/** Returns the rows that are listed; `abovePackages` are the folders with packages below them. */
export function listedRows(rows: readonly Row[], abovePackages: ReadonlySet<string>): Row[] {
  let isNearDevelopment: ((folder: string) => boolean) | undefined;
  const hasOwn = rows.some(isOwn);
  const hasSources = runsSources(rows);
  /** Servers for other purposes are listed only if no other server is known. */
  const isAlone = ({ server: { definition } }: Row): boolean => {
    isNearDevelopment ??= nearDevelopment(rows);
    return !isInExample(definition) && !isNearDevelopment(definition.subfolder);
  };
  const isListed = (row: Row): boolean => {
    const { purpose, definition, traits } = row.server;
    if (hasSources && (traits.isReleased === true || isDeployed(row))) return false;
    switch (purpose) {
      case 'test':
        return false;
      case 'production':
      case 'otherSystem':
        return isAlone(row);
      case 'example':
        // Of a library that has nothing else, its examples are what a developer starts.
        return !hasOwn && !runsBuild(definition);
      case 'development':
      case 'documentation':
      case 'preview':
        return isUseful(row, rows, abovePackages);
    }
  };
  return rows.filter(isListed);
}

function isOwn({ server: { purpose } }: Row): boolean {
  return purpose === 'development' || purpose === 'documentation' || purpose === 'preview';
}

/** Returns whether a row has containers for production, which no developer starts, wherever they are described. */
function isDeployed({ server: { purpose, definition } }: Row): boolean {
  return purpose === 'production' && definition.source === 'compose';
}

/** Returns whether a script that only runs scripts of packages starts a server; other rows are useful. */
function isUseful(row: Row, rows: readonly Row[], abovePackages: ReadonlySet<string>): boolean {
  const { traits, definition, delegates } = row.server;
  // The name of a script of packages says nothing, so one of them has to serve.
  if (traits.isGuess === true && definition.source === 'scripts') return delegatesServers(row, rows);
  return delegates.length === 0 || !abovePackages.has(definition.subfolder) || delegatesServers(row, rows);
}

/** Returns whether the sources of the project can be run at all. */
function runsSources(rows: readonly Row[]): boolean {
  return rows.some(
    ({ server: { purpose, definition } }) => purpose === 'development' && definition.source !== 'compose',
  );
}

export function folderOfRow({ server }: Row): string {
  return server.definition.subfolder;
}

/** Returns a test for folders in, above or below which is a server for development. */
function nearDevelopment(rows: readonly Row[]): (folder: string) => boolean {
  const developed = new Set(rows.filter(({ server }) => server.purpose === 'development').map(folderOfRow));
  const above = foldersAbove(developed);
  return (folder) => above.has(folder) || ancestorFolders(folder).some((each) => developed.has(each));
}

/** Returns all folders above these ones. */
export function foldersAbove(folders: Iterable<string>): ReadonlySet<string> {
  const above = new Set<string>();
  for (const folder of folders) {
    for (let at = folder; at !== '';) {
      at = folderOf(at);
      if (above.has(at)) break;
      above.add(at);
    }
  }
  return above;
}

/** Returns whether a script runs scripts of packages below it of which one serves. */
function delegatesServers({ server: { definition, delegates } }: Row, rows: readonly Row[]): boolean {
  const isBelow = (folder: string): boolean =>
    definition.subfolder === '' ? folder !== '' : folder.startsWith(`${definition.subfolder}/`);
  return rows.some(
    ({ server: { definition: other, traits } }) =>
      other.source === 'scripts' &&
      traits.isGuess !== true &&
      isBelow(other.subfolder) &&
      [
        other.name,
        ...namesOf(traits.packageName ?? '').map((name) => `${name}#${other.name}`),
        // A script that runs those of the packages in a folder names it from its own.
        ...(delegates.some((name) => name.startsWith('./'))
          ? ancestorFolders(relativeTo(definition.subfolder, other.subfolder))
          : []
        ).map((folder) => `./${folder}#${other.name}`),
      ].some((name) => delegates.includes(name)),
  );
}

function relativeTo(folder: string, path: string): string {
  return folder === '' ? path : path.slice(folder.length + 1);
}

/** Returns the names by which a package is selected: `web` may stand for `@shop/web`. */
function namesOf(packageName: string): string[] {
  return packageName.startsWith('@')
    ? [packageName, packageName.slice(packageName.indexOf('/') + 1)]
    : [packageName];
}
