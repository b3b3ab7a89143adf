import * as paths from 'node:path';
import { english } from '../core/text.js';
import type { ServerDefinition } from '../core/server/definition.js';
import { idSafeName } from '../core/server/folderNames.js';
import { parsersFor } from '../discovery/allParsers.js';
import {
  problemText,
  readConfiguration,
  type ConfigurationProblem,
} from '../discovery/configuration/configuration.js';
import { configurationPath } from '../discovery/configuration/configurationPath.js';
import { maxConfigurationBytes } from '../discovery/files/limits.js';
import { listedDefinitions } from '../discovery/listing/listedDefinitions.js';
import { FolderDiscovery } from '../discovery/scan/folderDiscovery.js';
import { lineAt } from '../discovery/files/mergeConflict.js';
import type { FileContent } from '../discovery/files/workspaceFiles.js';
import { systemName } from '../discovery/files/systemName.js';
import { callWithin } from '../host/system/boundedCall.js';
import { isFile } from '../host/system/boundedReads.js';
import { eventLoopTurns } from '../host/system/eventLoopTurns.js';
import { editorNode } from '../mcp/bridge/mcpCommand.js';
import { diskFiles } from './diskFiles.js';

/** The servers of a folder, and sentences about what could not be read. */
export interface FoundServers {
  readonly definitions: readonly ServerDefinition[];
  /** Servers of the same project that the editor lists on request only. */
  readonly unlisted: readonly ServerDefinition[];
  readonly problems: readonly string[];
}

/** Finds the servers that the editor lists with default settings, without other ways to start them. */
export async function findListedServers(folder: string, name?: string): Promise<FoundServers> {
  const { definitions, unlisted, problems } = await findServers(folder, name);
  return { definitions: listedDefinitions(definitions, unlisted), unlisted, problems };
}

/**
 * Finds the servers of a folder as the editor does with default settings: those that its files document, and those of its
 * configuration file. Their ids begin with the name of the folder.
 */
export async function findServers(
  folder: string,
  name = idSafeName(paths.basename(folder)),
): Promise<FoundServers> {
  // Beside the bundle.
  const staticScript = paths.join(__dirname, 'staticServer.js');
  const platform = systemName(process.platform);
  const files = diskFiles(folder);
  const context = { folder: { name, path: folder }, paths, l10n: english };
  const folderDiscovery = new FolderDiscovery(context, {
    files,
    turns: eventLoopTurns,
    parsers: parsersFor(platform),
    isEnabled: () => true,
    machine: {
      system: platform,
      staticServer: {
        command: { kind: 'argv', file: process.execPath, args: [staticScript] },
        env: editorNode().env,
      },
    },
    usesGitIgnores: true,
    runBounded: callWithin,
  });
  await folderDiscovery.update(undefined);
  const { definitions: found, unlisted = [], problems } = folderDiscovery.discovery;
  const content = await files.read(configurationPath, maxConfigurationBytes);
  const configuration = await readConfiguration({
    context: { ...context, platform },
    settings: undefined,
    file: content,
    discovered: [...found, ...unlisted],
    files: { ...files, exists: isFile },
  });
  const configurationProblems = configuration.problems.map(
    (each) => `${each.location}${lineSuffix(each, content)}: ${problemText(each)}`,
  );
  return {
    definitions: configuration.definitions,
    unlisted,
    problems: [...problems.map(({ file, reason }) => `${file}: ${reason}`), ...configurationProblems],
  };
}

function lineSuffix({ range }: ConfigurationProblem, content: FileContent): string {
  return range && content.kind === 'text' ? `:${lineAt(content.text, range.offset)}` : '';
}
