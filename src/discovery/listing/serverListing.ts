import { commandText, type ServerDefinition } from '../../core/server/definition.js';
import type { FoundDefinition } from '../files/foundDefinition.js';
import { areSame } from '../../core/areSame.js';
import { startedBelow } from './delegatedScripts.js';
import { distinctNames } from './distinctNames.js';
import { foldersAbove, folderOfRow, listedRows } from './listedRows.js';
import { compareRanks } from './serverRank.js';
import { rendersPages, servesAssets } from './assetServers.js';
import { rowsOf, type Row } from './serverRows.js';
import type { Paths } from '../files/workspaceFiles.js';

/** Found servers that are listed, and the others. */
export interface Listing {
  readonly definitions: readonly ServerDefinition[];
  readonly unlisted: readonly ServerDefinition[];
}

/** The rows of one folder, and the servers that are listed for them. */
interface Group {
  readonly rows: readonly Row[];
  readonly hasPackagesBelow: boolean;
  /** Rank of its first script that only starts the server of another folder. */
  readonly elsewhere: readonly number[] | undefined;
  readonly definitions: readonly ServerDefinition[];
}

/** A listed definition, and a key of the properties that listing has added. */
interface Derived {
  readonly marks: string;
  readonly definition: ServerDefinition;
}

/**
 * Decides which found servers are listed, in which order and under which names. After a change, it recomputes only the
 * folders whose rows differ. Unchanged definitions stay the same objects.
 */
export class ServerListing {
  readonly #derived = new WeakMap<ServerDefinition, Derived>();
  #groups: ReadonlyMap<string, Group> = new Map();

  /** Lists servers. `packages` contains the folders of all packages with scripts. */
  list(found: readonly FoundDefinition[], packages: readonly string[], paths: Paths): Listing {
    const abovePackages = foldersAbove(packages);
    const listed = listedRows(rowsOf(found, paths), abovePackages);
    const elsewhere = startedElsewhere(listed);
    this.#groups = new Map(
      byFolder(listed).map(([folder, rows]) => [
        folder,
        this.#group(folder, rows, abovePackages.has(folder), elsewhere.get(folder)),
      ]),
    );
    const isListed = new Set(listed.map(({ server }) => server));
    return {
      definitions: [...this.#groups.values()].flatMap(({ definitions }) => definitions),
      unlisted: found.flatMap((server) => (isListed.has(server) ? [] : server.definition)),
    };
  }

  #group(
    folder: string,
    rows: readonly Row[],
    hasPackagesBelow: boolean,
    elsewhere: readonly number[] | undefined,
  ): Group {
    const known = this.#groups.get(folder);
    const isKnown =
      known?.hasPackagesBelow === hasPackagesBelow &&
      areSame(known.elsewhere ?? [], elsewhere ?? []) &&
      areSameRows(known.rows, rows);
    if (isKnown) return known;
    const definitions = this.#definitions(rows, hasPackagesBelow, elsewhere);
    return { rows, hasPackagesBelow, elsewhere, definitions };
  }

  /**
   * Returns the servers of one folder. The first one is the main server, unless a script that starts the server of
   * another folder ranks higher.
   */
  #definitions(
    rows: readonly Row[],
    hasPackagesBelow: boolean,
    elsewhere: readonly number[] | undefined,
  ): ServerDefinition[] {
    const ordered = inOrder(rows);
    const hasMain = !elsewhere || !ordered[0] || compareRanks(ordered[0].server.rank, elsewhere) <= 0;
    const names = distinctNames(
      ordered.map(({ server: { definition, traits } }) => ({ definition, variant: traits.variant })),
    );
    return ordered.map((row, index) => {
      const { definition } = row.server;
      const startsBelow = hasPackagesBelow ? startedBelow(definition) : [];
      return this.#derive(row, {
        ...additions(row, names.get(definition.id)),
        ...(index === 0 && { isMain: hasMain }),
        ...(startsBelow.length > 0 && { startsBelow }),
      });
    });
  }

  #derive({ server: { definition } }: Row, added: Partial<ServerDefinition>): ServerDefinition {
    if (Object.keys(added).length === 0) return definition;
    const { name, isMain, partOf, startsBelow, alternatives = [] } = added;
    const marks = [name, isMain, partOf, startsBelow, ...alternatives.map(wayKey)].join('\n');
    const known = this.#derived.get(definition);
    if (known?.marks === marks) return known.definition;
    const derived = { ...definition, ...added };
    this.#derived.set(definition, { marks, definition: derived });
    return derived;
  }
}

/**
 * Orders the rows of one folder. A server that only builds scripts and styles for the pages of another one follows it.
 */
function inOrder(rows: readonly Row[]): readonly Row[] {
  const hasPages = rows.some(({ server }) => rendersPages(server));
  const rankOf = ({ server }: Row): readonly number[] => {
    const [purpose = 0, ...others] = server.rank;
    return hasPages ? [purpose, Number(servesAssets(server)), ...others] : server.rank;
  };
  return rows.toSorted((one, other) => compareRanks(rankOf(one), rankOf(other)));
}

/** Returns the properties that listing adds to a found definition. */
function additions(
  { server: { definition, traits }, alternatives }: Row,
  name: string | undefined,
): Partial<ServerDefinition> {
  const ways = alternatives.length === 0 ? [] : otherWays(definition, alternatives);
  return {
    ...(name !== undefined && { name }),
    ...(traits.partOf !== undefined && { partOf: siblingId(definition, traits.partOf) }),
    ...(ways.length > 0 && { alternatives: ways }),
  };
}

/** Returns, by folder, the rank of the first script that only starts the server of another folder. */
function startedElsewhere(rows: readonly Row[]): ReadonlyMap<string, readonly number[]> {
  const ranks = new Map<string, readonly number[]>();
  for (const row of rows) {
    for (const { definition, rank } of row.alternatives) {
      if (definition.source !== 'scripts' || definition.subfolder === folderOfRow(row)) continue;
      const known = ranks.get(definition.subfolder);
      if (!known || compareRanks(rank, known) < 0) ranks.set(definition.subfolder, rank);
    }
  }
  return ranks;
}

function wayKey(way: ServerDefinition): string {
  return `${way.id} ${commandKey(way)}`;
}

function areSameRows(before: readonly Row[], after: readonly Row[]): boolean {
  return (
    before.length === after.length &&
    before.every((row, index) => {
      const other = after[index];
      return row.server === other?.server && areSame(row.alternatives, other.alternatives);
    })
  );
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

/** Groups rows by folder, and sorts the folders, numbers in their names by value: `app2` before `app10`. */
function byFolder(rows: readonly Row[]): [folder: string, rows: Row[]][] {
  const folders = new Map<string, Row[]>();
  for (const row of rows) {
    const group = folders.get(folderOfRow(row));
    if (group) group.push(row);
    else folders.set(folderOfRow(row), [row]);
  }
  // Sorting without a comparator is dozens of times as fast.
  const names = new Map([...folders.keys()].map((name) => [`${withPaddedNumbers(name)}\n${name}`, name]));
  const sorted = [...names.keys()].toSorted().map((key) => names.get(key) ?? '');
  return sorted.map((folder) => [folder, folders.get(folder) ?? []]);
}

function withPaddedNumbers(name: string): string {
  return name.replaceAll(/\d+/gu, (number) => number.padStart(10, '0'));
}

/** Returns the id of another server of the same file. */
function siblingId({ id, name }: ServerDefinition, sibling: string): string {
  return `${id.slice(0, id.length - name.length)}${sibling}`;
}
