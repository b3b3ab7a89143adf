import { commandText, type ServerDefinition } from '../../core/server/definition.js';
import type { Purpose } from '../files/fileParser.js';
import type { FoundDefinition } from '../files/foundDefinition.js';
import type { Paths } from '../files/workspaceFiles.js';
import { delegatedScripts } from './delegatedScripts.js';
import { distinctNames } from './distinctNames.js';
import { purposeOf } from './purpose.js';
import { runKeys } from './runKeys.js';
import { compareRanks, serverRank, sourceRank } from './serverRank.js';

/** Found servers that are listed, and the others. */
export interface Listing {
  readonly definitions: readonly ServerDefinition[];
  readonly unlisted: readonly ServerDefinition[];
}

interface Candidate extends FoundDefinition {
  readonly purpose: Purpose;
}

/** A server with the other ways to start it. */
interface Row extends Candidate {
  readonly alternatives: Candidate[];
}

/** A listed definition, and what was added to the found one. */
interface Derived {
  readonly marks: string;
  readonly definition: ServerDefinition;
}

/** Decides which of the found servers are listed, in which order and under which names. */
export class ServerListing {
  /** Listed definitions by found ones, so that those that have not changed stay the same objects. */
  readonly #derived = new WeakMap<ServerDefinition, Derived>();

  /** Lists servers that are sorted by folder; `packages` are the folders of all packages with scripts. */
  list(
    found: readonly FoundDefinition[],
    packages: readonly string[],
    { paths, isWindows }: { readonly paths: Paths; readonly isWindows: boolean },
  ): Listing {
    const candidates = found.map((one) => ({
      ...one,
      purpose: one.traits.purpose ?? purposeOf(one.definition, isWindows),
    }));
    const rows = rowsOf(candidates, paths).filter((row, _, all) => !delegatesNothing(row, all, packages));
    const developed = rows.filter(({ purpose }) => purpose === 'development').map(folderOfRow);
    const listed = rows.filter((row) => isListed(row, developed));
    const ordered = inOrder(listed);
    const names = distinctNames(
      ordered.map(({ definition, traits }) => ({ definition, variant: traits.variant })),
    );
    const seen = new Set<string>();
    const definitions = ordered.map((row) => {
      const isMain = !seen.has(row.definition.subfolder) && row.purpose !== 'test';
      seen.add(row.definition.subfolder);
      return this.#definition(row, names.get(row.definition.id), isMain);
    });
    const listedIds = new Set(definitions.map(({ id }) => id));
    return {
      definitions,
      unlisted: found.map(({ definition }) => definition).filter(({ id }) => !listedIds.has(id)),
    };
  }

  #definition(
    { definition, traits, alternatives }: Row,
    name: string | undefined,
    isMain: boolean,
  ): ServerDefinition {
    const partOf = traits.partOf === undefined ? undefined : siblingId(definition, traits.partOf);
    const ways = otherWays(definition, alternatives);
    const marks = JSON.stringify([name, isMain, partOf, ways]);
    const known = this.#derived.get(definition);
    if (known?.marks === marks) return known.definition;
    const derived = {
      ...definition,
      ...(name !== undefined && { name }),
      ...(isMain && { isMain }),
      ...(partOf !== undefined && { partOf }),
      ...(ways.length > 0 && { alternatives: ways }),
    };
    this.#derived.set(definition, { marks, definition: derived });
    return derived;
  }
}

/** Returns the ways to start a server whose commands differ from its own and from each other. */
function otherWays(definition: ServerDefinition, alternatives: readonly Candidate[]): ServerDefinition[] {
  const byCommand = new Map(alternatives.map((one) => [commandKey(one.definition), one.definition]));
  byCommand.delete(commandKey(definition));
  return [...byCommand.values()];
}

function commandKey({ command, cwd }: ServerDefinition): string {
  return `${cwd}\n${commandText(command)}`;
}

/** Unites the servers that run the same program in the same folder; the best description of it is the row. */
function rowsOf(candidates: readonly Candidate[], paths: Paths): Row[] {
  const byKey = new Map<string, Row>();
  const rows: Row[] = [];
  for (const candidate of bestFirst(candidates)) {
    const { definition, traits } = candidate;
    const keys = runKeys(definition, traits, paths);
    const same = keys.map((key) => byKey.get(key)).find((row) => row && areOneServer(row, candidate));
    const row = same ?? { ...candidate, alternatives: [] };
    if (same) same.alternatives.push(candidate);
    else rows.push(row);
    for (const key of keys) if (!byKey.has(key)) byKey.set(key, row);
  }
  const known = rows.filter(
    ({ traits, alternatives }) => traits.isGuess !== true || alternatives.some((one) => !one.traits.isGuess),
  );
  return withoutContainersOf(known, paths);
}

/** Sorts by source, and those first that name what they run. */
function bestFirst(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted(
    (one, other) =>
      sourceRank(one.definition) - sourceRank(other.definition) ||
      Number(one.traits.isGuess === true) - Number(other.traits.isGuess === true) ||
      Number(one.traits.runs === undefined) - Number(other.traits.runs === undefined),
  );
}

/** Returns whether two descriptions of the same program are one server; each script of a package is one of its own. */
function areOneServer(row: Row, candidate: Candidate): boolean {
  return (
    row.definition.file !== candidate.definition.file &&
    !(row.definition.source === 'scripts' && candidate.definition.source === 'scripts') &&
    row.purpose !== 'test' &&
    candidate.purpose !== 'test'
  );
}

/** Makes a service that builds a folder with a server of its own another way to start that server. */
function withoutContainersOf(rows: readonly Row[], paths: Paths): Row[] {
  const programs = rows.filter(
    ({ definition, purpose }) =>
      !/^(?:compose|docs|taskRunners)$/u.test(definition.source) && purpose === 'development',
  );
  return rows.filter((row) => {
    const { builds } = row.traits;
    if (builds === undefined || row.traits.partOf === undefined || row.purpose !== 'development') return true;
    const folder = paths.resolve(row.definition.cwd, builds);
    const isShared = rows.some(
      (other) =>
        other !== row && other.definition.file === row.definition.file && other.traits.builds === builds,
    );
    // Services with one image are different programs.
    const program = isShared ? undefined : programs.find(({ definition: { cwd } }) => cwd === folder);
    program?.alternatives.push(row);
    return program === undefined;
  });
}

/** Returns whether a script runs scripts of other packages of which none serves. */
function delegatesNothing({ definition }: Row, rows: readonly Row[], packages: readonly string[]): boolean {
  const names = definition.source === 'scripts' ? delegatedScripts(definition) : undefined;
  const isBelow = (folder: string): boolean =>
    folder !== definition.subfolder && isInside(folder, definition.subfolder);
  if (!names || !packages.some(isBelow)) return false;
  return !rows.some(
    ({ definition: { source, name, subfolder } }) =>
      source === 'scripts' && names.includes(name) && isBelow(subfolder),
  );
}

/** Returns whether a server is listed: one that is not for development only where nothing else is known. */
function isListed({ purpose, definition }: Row, developed: readonly string[]): boolean {
  switch (purpose) {
    case 'test':
      return false;
    case 'production':
    case 'otherSystem':
      return !developed.some((folder) => areRelated(folder, definition.subfolder));
    case 'development':
    case 'documentation':
    case 'preview':
      return true;
  }
}

function folderOfRow({ definition }: Row): string {
  return definition.subfolder;
}

/** Returns whether one folder is the other or above it. */
function areRelated(one: string, other: string): boolean {
  return isInside(one, other) || isInside(other, one);
}

function isInside(inner: string, outer: string): boolean {
  return outer === '' || inner === outer || inner.startsWith(`${outer}/`);
}

/** Sorts the servers of each folder; the folders keep their order. */
function inOrder(rows: readonly Row[]): Row[] {
  const folders = new Map<string, Row[]>();
  const sorted = rows.toSorted((one, other) => compareFolders(one, other));
  for (const row of sorted) folders.set(folderOfRow(row), [...(folders.get(folderOfRow(row)) ?? []), row]);
  return [...folders.values()].flatMap((group) =>
    group
      .map((row) => ({ row, rank: serverRank(row.definition, row.purpose, row.traits) }))
      .toSorted((one, other) => compareRanks(one.rank, other.rank))
      .map(({ row }) => row),
  );
}

function compareFolders(one: Row, other: Row): number {
  const [first, second] = [folderOfRow(one), folderOfRow(other)];
  return first < second ? -1 : Number(first > second);
}

/** Returns the id of another server of the same file. */
function siblingId({ id, name }: ServerDefinition, sibling: string): string {
  return `${id.slice(0, id.length - name.length)}${sibling}`;
}
