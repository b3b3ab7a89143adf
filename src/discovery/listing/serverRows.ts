import type { ServerDefinition } from '../../core/server/definition.js';
import type { Purpose } from '../files/fileParser.js';
import type { FoundDefinition } from '../files/foundDefinition.js';
import type { Paths } from '../files/workspaceFiles.js';
import { ancestorFolders } from '../files/relativePath.js';
import { rendersPages, servesAssets } from './assetServers.js';
import { documentedRow } from './documentedRow.js';
import { runsInFolder } from './folderKeys.js';
import { isScriptKey, mayRunElsewhere, packagePlace } from './runKeys.js';
import { folderOfKey } from './runSubject.js';
import { compareRanks, sourceRank, startsContainers } from './serverRank.js';
import { startedServers } from './startedServers.js';

/** A server with the other ways to start it. */
export interface Row {
  readonly server: FoundDefinition;
  readonly alternatives: FoundDefinition[];
}

/**
 * Combines servers that run the same program in the same folder into one row, whose server is their best description.
 */
export function rowsOf(found: readonly FoundDefinition[], paths: Paths): Row[] {
  const byKey = new Map<string, Row>();
  const byServer = new Map<FoundDefinition, Row>();
  const rows: Row[] = [];
  const isShared = sharedFolders(found);
  const started = startedServers(found);
  /** Returns the row of a server. If a script starts another server, the row of that one is created first. */
  const rowFor = (server: FoundDefinition): Row => {
    const known = byServer.get(server);
    if (known) return known;
    const target = started.get(server);
    const keys = isShared(server) ? server.keys : [];
    const same =
      target === undefined
        ? (rowWithKey(server, keys, byKey) ?? documentedRow(server, rows))
        : rowFor(target);
    const row = same ?? { server, alternatives: [] };
    if (same) same.alternatives.push(server);
    else rows.push(row);
    byServer.set(server, row);
    for (const key of keys) if (!byKey.has(key)) byKey.set(key, row);
    return row;
  };
  for (const server of bestFirst(found)) rowFor(server);
  const known = rows.filter(
    ({ server, alternatives }) =>
      server.traits.isGuess !== true ||
      server.definition.source === 'scripts' ||
      alternatives.some(({ traits }) => traits.isGuess !== true),
  );
  return withoutContainersOf(withoutPlainSites(known), paths);
}

function rowWithKey(
  server: FoundDefinition,
  keys: readonly string[],
  byKey: ReadonlyMap<string, Row>,
): Row | undefined {
  return keys.flatMap((key) => {
    const row = byKey.get(key);
    return row && areOneServer(row.server, server, key) ? [row] : [];
  })[0];
}

/**
 * Returns a function that tells whether a server may be the same as another one. A script can only match servers of
 * other sources, and scripts that run a program in another folder. Most folders of a large workspace have neither.
 */
function sharedFolders(found: readonly FoundDefinition[]): (server: FoundDefinition) => boolean {
  const folders = new Set<string>();
  for (const { definition, keys } of found.filter(canMatchScript))
    for (const folder of [definition.cwd, ...keys.map(folderOfKey)]) folders.add(folder);
  return ({ definition: { source, cwd, script }, traits: { packageName = '' } }) =>
    source !== 'scripts' ||
    folders.has(cwd) ||
    folders.has(packagePlace(packageName)) ||
    (folders.size > 0 && script !== undefined && mayRunElsewhere(script.body));
}

function canMatchScript({ definition: { source, script } }: FoundDefinition): boolean {
  return source !== 'scripts' || (script !== undefined && runsInFolder(script.body));
}

/** Purposes of servers that are listed only if nothing else is known. */
const otherPurposes: ReadonlySet<Purpose> = new Set(['example', 'production', 'otherSystem', 'test']);

/**
 * Sorts servers for development first, then by source. Within a source, certain servers come first, and then those that
 * state what they run. Targets are sorted by name as well.
 */
function bestFirst(found: readonly FoundDefinition[]): FoundDefinition[] {
  const byPreference: FoundDefinition[][] = [];
  for (const server of found) (byPreference[preference(server)] ??= []).push(server);
  return byPreference.flatMap((group) =>
    group[0]?.definition.source === 'taskRunners'
      ? group.toSorted((one, other) => compareRanks(one.rank, other.rank))
      : group,
  );
}

function preference({ definition, traits, purpose }: FoundDefinition): number {
  const isOther = otherPurposes.has(purpose);
  return (
    Number(isOther) * 100 +
    sourceRank(definition) * 4 +
    Number(traits.isGuess === true) * 2 +
    Number(traits.runs === undefined)
  );
}

/** Sources whose files may describe a server several times. */
const mayRepeat: ReadonlySet<ServerDefinition['source']> = new Set(['taskRunners', 'dotnet', 'guides']);

/**
 * Returns whether two descriptions of the same program are one server. Scripts of one package are different servers,
 * and so are entries of any other file, except for targets of task runners, profiles of .NET and commands of guides.
 * Scripts of two packages are one server if both run the program, but not if they only have the same name. Apps of Flask
 * have the same command, but are different servers.
 */
function areOneServer(one: FoundDefinition, other: FoundDefinition, key: string): boolean {
  return (
    (one.definition.file !== other.definition.file || mayRepeat.has(one.definition.source)) &&
    !(areBothFrom('scripts', one, other) && isScriptKey(key)) &&
    !(areBothFrom('flask', one, other) && key.startsWith('flask ')) &&
    one.purpose !== 'test' &&
    other.purpose !== 'test'
  );
}

function areBothFrom(
  source: ServerDefinition['source'],
  one: FoundDefinition,
  other: FoundDefinition,
): boolean {
  return one.definition.source === source && other.definition.source === source;
}

/**
 * Moves the usual server of a Sphinx documentation to the row of the target with which the project serves it. A guide
 * may name that target.
 */
function withoutPlainSites(rows: readonly Row[]): readonly Row[] {
  const isOwn = ({ server: { definition, purpose } }: Row, folder: string): boolean =>
    (purpose === 'documentation' || purpose === 'preview') &&
    (definition.source === 'taskRunners' || definition.source === 'guides') &&
    ancestorFolders(folder).includes(definition.subfolder);
  return rows.filter(({ server }) => {
    const { name, source, subfolder } = server.definition;
    if (source !== 'docs' || name !== 'sphinx-autobuild') return true;
    const own = rows.find((row) => isOwn(row, subfolder));
    own?.alternatives.push(server);
    return own === undefined;
  });
}

/** Moves a service that is built from a folder to the row of the server of that folder, as another way to start it. */
function withoutContainersOf(rows: readonly Row[], paths: Paths): Row[] {
  const services = rows.filter(
    ({ server: { traits, purpose } }) => traits.builds !== undefined && purpose === 'development',
  );
  const built = new Set(services.filter((row) => addToProgram(row, rows, services, paths)));
  return built.size === 0 ? [...rows] : rows.filter((row) => !built.has(row));
}

/** Adds a service to the row of the program that it runs in a container. Returns whether there is one. */
function addToProgram(
  { server }: Row,
  rows: readonly Row[],
  services: readonly Row[],
  paths: Paths,
): boolean {
  const { definition, traits } = server;
  // Services with the same image are different programs.
  const isShared = services.some(
    ({ server: other }) =>
      other !== server && other.definition.file === definition.file && other.traits.builds === traits.builds,
  );
  if (isShared) return false;
  const folder = paths.resolve(definition.cwd, traits.builds ?? '.');
  // A front end has a folder of its own. Next to a back end, it may only build the scripts of its pages.
  const isBelow = /^(?:\.\/)?\w/u.test(traits.builds ?? '');
  const hasPages = rows.some(({ server: other }) => other.definition.cwd === folder && rendersPages(other));
  const isProgram = (found: FoundDefinition): boolean =>
    found.purpose === 'development' &&
    found.definition.cwd === folder &&
    ((isBelow && !hasPages) || !servesAssets(found)) &&
    !startsContainers(found.definition) &&
    !/^(?:compose|docs|taskRunners)$/u.test(found.definition.source);
  // The container runs the main program of the folder, whichever row that belongs to.
  const [program] = rows
    .flatMap((row) => [row.server, ...row.alternatives].filter(isProgram).map(({ rank }) => ({ row, rank })))
    .toSorted((one, other) => compareRanks(one.rank, other.rank));
  program?.row.alternatives.push(server);
  return program !== undefined;
}
