import * as paths from 'node:path';
import type { WorkspaceFolder } from 'vscode';
import { Configurations } from './configurations.js';
import { discoverySources } from '../core/server/definition.js';
import { configurationPath } from '../discovery/configuration/configurationPath.js';
import type { Discovery, DiscoveryContext } from '../discovery/files/discoveryResult.js';
import { exclusionGlob, isNeverSearched } from '../discovery/scan/exclusions.js';
import {
  FolderDiscovery,
  searchPatterns,
  type FolderDiscoveryDeps,
} from '../discovery/scan/folderDiscovery.js';
import { listedDefinitions } from '../discovery/listing/listedDefinitions.js';
import { lockFileNames } from '../discovery/scripts/packageManager.js';
import type { ParserEntry } from '../discovery/files/parserEntry.js';
import { parsersFor } from '../discovery/allParsers.js';
import { systemName } from '../discovery/files/systemName.js';
import { folderFiles } from './folderFiles.js';
import { staticServer } from './staticServer.js';
import { serversSetting } from '../discovery/configuration/configuration.js';
import type { ConfigurationProblems } from '../vscode/configuration/configurationProblems.js';
import type { ServerFinder } from '../vscode/workspace/serverFinder.js';
import { callWithin } from '../host/system/boundedCall.js';
import { eventLoopTurns } from '../host/system/eventLoopTurns.js';
import { isDiscovered, searchExclusions, showsAllScripts, usesGitIgnores } from '../vscode/settings.js';
import type { Translator } from '../core/common.js';

/** Discovery of a folder, with the settings that it was created for. */
interface CachedDiscovery {
  readonly settings: string;
  readonly discovery: FolderDiscovery;
}

type Machine = FolderDiscoveryDeps['machine'];

export interface FinderDeps {
  readonly shown: ConfigurationProblems;
  /** Absolute path of the script of the static server. */
  readonly staticScript: string;
  /**
   * Returns the name of a folder in server ids. It is passed in because this bundle would have its own copy of the
   * names.
   */
  readonly nameOf: (folder: WorkspaceFolder) => string;
  readonly l10n: Translator;
}

/**
 * Connects the files and settings of the editor with the parsers. Finds both the discovered and the configured servers
 * of a folder.
 */
export function serverFinder({ shown, staticScript, nameOf, l10n }: FinderDeps): ServerFinder {
  const system = systemName(process.platform);
  const machine = { system, staticServer: staticServer(staticScript) };
  const configurations = new Configurations(shown, nameOf, l10n);
  const parsers = parsersFor(system);
  const patterns = [
    'package.json',
    configurationPath,
    ...parsers.flatMap((parser) => [...parser.patterns, ...(parser.beside ?? [])]),
  ];
  const cache = new Map<string, CachedDiscovery>();
  const discovered = (folder: WorkspaceFolder): Discovery =>
    cache.get(folder.uri.toString())?.discovery.discovery ?? noDiscovery;
  return {
    watched: `**/{${searchPatterns(patterns).join(',')}}`,
    matters: (path, isThereAlready) =>
      !isNeverSearched(path) && !(isThereAlready && lockFileNames.includes(paths.posix.basename(path))),
    update: async (folder, changes, onStep) => {
      const key = folder.uri.toString();
      const name = nameOf(folder);
      const settings = discoverySettings(folder, name);
      const before = cache.get(key);
      if (before?.settings === settings) {
        await before.discovery.update(changes && withoutConfiguration(changes));
        return;
      }
      const context = discoveryContext(folder, name, l10n);
      const now = { settings, discovery: newDiscovery(context, folder, parsers, machine) };
      // Results of other settings stay listed until the new search is complete.
      if (!before) cache.set(key, now);
      await now.discovery.update(undefined, before ? undefined : onStep);
      cache.set(key, now);
    },
    hasFilesIn: (folder, path) => cache.get(folder.uri.toString())?.discovery.hasFilesIn(path) ?? false,
    partialResults: (folder) => discovered(folder).definitions,
    results: async (folder) => {
      const discovery = discovered(folder);
      const { unlisted = [] } = discovery;
      const found = [...discovery.definitions, ...unlisted];
      const { definitions, problems } = await configurations.load(folder, found);
      const name = nameOf(folder);
      return {
        definitions: showsAllScripts(folder.uri) ? definitions : listedDefinitions(definitions, unlisted),
        problems: [...discovery.problems, ...problems].map(({ file, reason }) =>
          // A setting may be the same for all folders.
          file.startsWith(serversSetting)
            ? `${file}: ${reason}`
            : l10n.t('{0}, {1}: {2}', name, file, reason),
        ),
      };
    },
  };
}

const noDiscovery: Discovery = { definitions: [], problems: [] };

/** Omits the configuration file: it is read in every scan, and no server is discovered in it. */
function withoutConfiguration(changes: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...changes].filter((path) => path !== configurationPath));
}

function newDiscovery(
  context: DiscoveryContext,
  folder: WorkspaceFolder,
  parsers: readonly ParserEntry[],
  machine: Machine,
): FolderDiscovery {
  return new FolderDiscovery(context, {
    files: folderFiles(folder, exclusionGlob(searchExclusions(folder.uri))),
    turns: eventLoopTurns,
    parsers,
    isEnabled: (source) => isDiscovered(source, folder.uri),
    machine,
    usesGitIgnores: usesGitIgnores(folder.uri),
    runBounded: callWithin,
  });
}

/** Serialises the settings that a discovery cannot change later, for comparison. */
function discoverySettings(folder: WorkspaceFolder, name: string): string {
  return JSON.stringify([
    name,
    searchExclusions(folder.uri),
    usesGitIgnores(folder.uri),
    discoverySources.filter((source) => isDiscovered(source, folder.uri)),
  ]);
}

function discoveryContext(folder: WorkspaceFolder, name: string, l10n: Translator): DiscoveryContext {
  return { folder: { name, path: folder.uri.fsPath }, paths, l10n };
}
