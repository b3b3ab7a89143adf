import type { ServerTraits } from '../files/fileParser.js';
import { ancestorFolders, folderOf, relativeTo } from '../files/relativePath.js';
import { isInExample } from './purpose.js';
import { runsBuild } from './serverRank.js';
import type { Row } from './serverRows.js';

/** Returns the rows that are listed. `abovePackages` contains the folders with packages below them. */
export function listedRows(rows: readonly Row[], abovePackages: ReadonlySet<string>): Row[] {
  let isNearDevelopment: ((folder: string) => boolean) | undefined;
  const hasOwn = rows.some(isOwn);
  const hasSources = runsSources(rows);
  /** Servers for other purposes are listed only if no other server is known nearby. */
  const isAlone = ({ server: { definition } }: Row): boolean => {
    isNearDevelopment ??= nearDevelopment(rows);
    return !isInExample(definition) && !isNearDevelopment(definition.subfolder);
  };
  const isListed = (row: Row): boolean => {
    const { purpose, definition, traits } = row.server;
    if (hasSources && (isOnlyImages(traits) || isDeployed(row))) return false;
    switch (purpose) {
      case 'test':
        return false;
      case 'production':
      case 'otherSystem':
        return isAlone(row);
      case 'example':
        // The examples of a library are what its developers start, if there is nothing else.
        return !hasOwn && !runsBuild(definition);
      case 'development':
      case 'documentation':
      case 'preview':
        return !isDeepPage(row, rows) && isUseful(row, rows, abovePackages);
    }
  };
  return rows.filter(isListed);
}

function isOwn({ server: { purpose } }: Row): boolean {
  return purpose === 'development' || purpose === 'documentation' || purpose === 'preview';
}

/** Returns whether a server runs none of the source files, but released images or databases. */
function isOnlyImages({ isReleased, isSupport }: ServerTraits): boolean {
  return isReleased === true || isSupport === true;
}

/** Returns whether a row runs containers for production, which no developer starts, wherever their file is. */
function isDeployed({ server: { purpose, definition } }: Row): boolean {
  return purpose === 'production' && definition.source === 'compose';
}

/** Returns whether pages are deep inside of a project with a server. They are resources or articles of that project. */
function isDeepPage({ server: { definition } }: Row, rows: readonly Row[]): boolean {
  if (definition.source !== 'static') return false;
  const far = new Set(ancestorFolders(definition.subfolder).slice(3));
  return rows.some(
    ({ server: { purpose, definition: other } }) =>
      purpose === 'development' && other.source !== 'static' && far.has(other.subfolder),
  );
}

/** Returns whether a script that only runs scripts of packages starts a server. All other rows are useful. */
function isUseful(row: Row, rows: readonly Row[], abovePackages: ReadonlySet<string>): boolean {
  const { traits, definition, delegates } = row.server;
  // The name of a script that runs scripts of packages says nothing, so one of these has to serve.
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

/** Returns a function that tells whether there is a server for development in, above or below a folder. */
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

/** Returns whether one of the scripts that a script runs in packages below it is a server. */
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
        // A script may select all packages in a folder; it then names that folder relative to its own.
        ...(delegates.some((name) => name.startsWith('./'))
          ? ancestorFolders(relativeTo(definition.subfolder, other.subfolder))
          : []
        ).map((folder) => `./${folder}#${other.name}`),
      ].some((name) => delegates.includes(name)),
  );
}

/** Returns the names that select a package: `web` may stand for `@shop/web`. */
function namesOf(packageName: string): string[] {
  return packageName.startsWith('@')
    ? [packageName, packageName.slice(packageName.indexOf('/') + 1)]
    : [packageName];
}
