import { commandText, type ServerDefinition } from '../../core/server/definition.js';
import type { FoundDefinition } from '../files/foundDefinition.js';
import type { Paths } from '../files/workspaceFiles.js';
import { distinctNames } from './distinctNames.js';
import { compareRanks } from './serverRank.js';
import { rowsOf, type Row } from './serverRows.js';

/** Found servers that are listed, and the others. */
export interface Listing {
  readonly definitions: readonly ServerDefinition[];
  readonly unlisted: readonly ServerDefinition[];
}

/** A listed definition, and what was added to the found one. */
interface Derived {
  readonly marks: string;
  readonly definition: ServerDefinition;
}

/** Decides which of the found servers are listed, in which order and under which names. */
export class ServerListing {
  /** Listed definitions by found ones, so that those that have not changed stay the same objects. */
  #derived: ReadonlyMap<ServerDefinition, Derived> = new Map();

  /** Lists servers; `packages` are the folders of all packages with scripts. */
  list(found: readonly FoundDefinition[], packages: readonly string[], paths: Paths): Listing {
    const rows = rowsOf(found, paths);
    const developed = new Set(rows.filter(({ server }) => server.purpose === 'development').map(folderOfRow));
    const listed = rows.filter((row) => isListed(row, developed) && !delegatesNothing(row, rows, packages));
    const derived = new Map<ServerDefinition, Derived>();
    const definitions = byFolder(listed).flatMap((group) => this.#group(group, derived));
    this.#derived = derived;
    const listedIds = new Set(definitions.map(({ id }) => id));
    return {
      definitions,
      unlisted: found.flatMap(({ definition }) => (listedIds.has(definition.id) ? [] : definition)),
    };
  }

  /** Returns the servers of one folder; the first one is the main server. */
  #group(rows: readonly Row[], derived: Map<ServerDefinition, Derived>): ServerDefinition[] {
    const ordered = rows.toSorted((one, other) => compareRanks(one.server.rank, other.server.rank));
    const names = distinctNames(
      ordered.map(({ server: { definition, traits } }) => ({ definition, variant: traits.variant })),
    );
    return ordered.map((row, index) => {
      const { definition } = row.server;
      const one = this.#derive(row, names.get(definition.id), index === 0);
      derived.set(definition, one);
      return one.definition;
    });
  }

  #derive({ server, alternatives }: Row, name: string | undefined, isMain: boolean): Derived {
    const { definition, traits } = server;
    const partOf = traits.partOf === undefined ? undefined : siblingId(definition, traits.partOf);
    const ways = alternatives.length === 0 ? [] : otherWays(definition, alternatives);
    const marks = [name, isMain, partOf, ...ways.map((way) => `${way.id} ${commandKey(way)}`)].join('\n');
    const known = this.#derived.get(definition);
    if (known?.marks === marks) return known;
    const derived = {
      ...definition,
      ...(name !== undefined && { name }),
      ...(isMain && { isMain }),
      ...(partOf !== undefined && { partOf }),
      ...(ways.length > 0 && { alternatives: ways }),
    };
    return { marks, definition: derived };
  }
}

/** Returns the ways to start a server whose commands differ from its own and from each other. */
function otherWays(
  definition: ServerDefinition,
  alternatives: readonly FoundDefinition[],
): ServerDefinition[] {
  const byCommand = new Map(alternatives.map((one) => [commandKey(one.definition), one.definition]));
  byCommand.delete(commandKey(definition));
  return [...byCommand.values()];
}

function commandKey({ command, cwd }: ServerDefinition): string {
  return `${cwd}\n${commandText(command)}`;
}

/** Returns whether a script runs scripts of other packages of which none serves. */
function delegatesNothing(
  { server: { definition, delegates } }: Row,
  rows: readonly Row[],
  packages: readonly string[],
): boolean {
  const isBelow = (folder: string): boolean =>
    folder !== definition.subfolder && isInside(folder, definition.subfolder);
  if (!delegates || !packages.some(isBelow)) return false;
  return !rows.some(
    ({ server: { definition: other } }) =>
      other.source === 'scripts' && delegates.includes(other.name) && isBelow(other.subfolder),
  );
}

/** Returns whether a server is listed: one that is not for development only where nothing else is known. */
function isListed({ server: { purpose, definition } }: Row, developed: ReadonlySet<string>): boolean {
  switch (purpose) {
    case 'test':
      return false;
    case 'production':
    case 'otherSystem':
      return ![...developed].some(
        (folder) => isInside(folder, definition.subfolder) || isInside(definition.subfolder, folder),
      );
    case 'development':
    case 'documentation':
    case 'preview':
      return true;
  }
}

function folderOfRow({ server }: Row): string {
  return server.definition.subfolder;
}

/** Returns whether one folder is the other or below it. */
function isInside(inner: string, outer: string): boolean {
  return outer === '' || inner === outer || inner.startsWith(`${outer}/`);
}

/** Groups rows by their folders, which are sorted. */
function byFolder(rows: readonly Row[]): Row[][] {
  const folders = new Map<string, Row[]>();
  for (const row of rows) {
    const group = folders.get(folderOfRow(row));
    if (group) group.push(row);
    else folders.set(folderOfRow(row), [row]);
  }
  // Sorting without a comparator compares code units too, and is dozens of times as fast.
  return [...folders.keys()].toSorted().map((folder) => folders.get(folder) ?? []);
}

/** Returns the id of another server of the same file. */
function siblingId({ id, name }: ServerDefinition, sibling: string): string {
  return `${id.slice(0, id.length - name.length)}${sibling}`;
}
