import * as paths from 'node:path';
import { workspace, type WorkspaceFolder } from 'vscode';
import type { Translator } from './core/ports.js';
import { discoverySources } from './core/server.js';
import { parseConfiguredServers } from './discovery/configuredServers.js';
import type { Discovery, DiscoveryContext } from './discovery/discovery.js';
import { exclusionGlob, isNeverSearched } from './discovery/exclusions.js';
import { FolderDiscovery, searchPatterns } from './discovery/folderDiscovery.js';
import { distinctFolderNames } from './discovery/folderNames.js';
import { mergeDefinitions } from './discovery/mergeDefinitions.js';
import { lockFileNames } from './discovery/packageManager.js';
import { parsersOn } from './discovery/parsers.js';
import type { TaskSystem } from './discovery/taskServer.js';
import type { FoundServers, ServerFinder } from './vscode/definitions.js';
import { configuredServers, isDiscovered, searchExclusions, usesGitIgnores } from './vscode/settings.js';
import { workspaceFiles } from './vscode/workspaceFiles.js';

/** A folder's discovery, and the facts that it was made for. */
interface Known {
  readonly facts: string;
  readonly discovery: FolderDiscovery;
}

/** Connects the editor's files and settings with the parsers: the servers of a folder, found and written by a person. */
export function serverFinder(l10n: Translator): ServerFinder {
  const parsers = parsersOn(systems[process.platform] ?? 'linux');
  const known = new Map<string, Known>();
  return {
    watched: `**/{${searchPatterns(['package.json', ...parsers.flatMap(({ patterns }) => patterns)]).join(',')}}`,
    matters: (path, isThereAlready) =>
      !isNeverSearched(path) && !(isThereAlready && lockFileNames.includes(paths.posix.basename(path))),
    update: async (folder, changes, onStep) => {
      const key = folder.uri.toString();
      const facts = factsOf(folder);
      const before = known.get(key);
      if (before?.facts === facts) {
        await before.discovery.update(changes);
        return;
      }
      const now = { facts, discovery: newDiscovery(contextOf(folder, l10n), folder, parsers) };
      // What was found under other settings stays until everything has been looked through anew.
      if (!before) known.set(key, now);
      await now.discovery.update(undefined, before ? undefined : onStep);
      known.set(key, now);
    },
    found: (folder) => {
      const context = contextOf(folder, l10n);
      const discovery = known.get(folder.uri.toString())?.discovery.discovery ?? nothing;
      const written = parseConfiguredServers(configuredServers(folder.uri), context, 'devServers.servers');
      return together(discovery, written, context);
    },
  };
}

const systems: Readonly<Partial<Record<NodeJS.Platform, TaskSystem>>> = { win32: 'windows', darwin: 'osx' };

const nothing: Discovery = { definitions: [], problems: [] };

/** What a person has written goes before what was found. */
function together(found: Discovery, written: Discovery, { folder, l10n }: DiscoveryContext): FoundServers {
  return {
    definitions: mergeDefinitions(found.definitions, written.definitions),
    problems: [...found.problems, ...written.problems].map(({ file, reason }) =>
      l10n.t('{0}, {1}: {2}', folder.name, file, reason),
    ),
  };
}

function newDiscovery(
  context: DiscoveryContext,
  folder: WorkspaceFolder,
  parsers: ReturnType<typeof parsersOn>,
): FolderDiscovery {
  return new FolderDiscovery(context, {
    files: workspaceFiles(folder, exclusionGlob(searchExclusions(folder.uri))),
    turns: { now: () => performance.now(), next: () => new Promise((resolve) => setImmediate(resolve)) },
    parsers,
    isEnabled: (source) => isDiscovered(source, folder.uri),
    isWindows: process.platform === 'win32',
    usesGitIgnores: usesGitIgnores(folder.uri),
  });
}

/** What a discovery cannot take in later, as a text to compare. */
function factsOf(folder: WorkspaceFolder): string {
  return JSON.stringify([
    nameOf(folder),
    searchExclusions(folder.uri),
    usesGitIgnores(folder.uri),
    discoverySources.filter((source) => isDiscovered(source, folder.uri)),
  ]);
}

function contextOf(folder: WorkspaceFolder, l10n: Translator): DiscoveryContext {
  return { folder: { name: nameOf(folder), path: folder.uri.fsPath }, paths, l10n };
}

function nameOf(folder: WorkspaceFolder): string {
  const names = distinctFolderNames((workspace.workspaceFolders ?? []).map(({ name }) => name));
  return names[folder.index] ?? folder.name;
}
