import * as paths from 'node:path';
import type { WorkspaceFolder } from 'vscode';
import type { ServerDefinition } from '../core/server/definition.js';
import {
  problemsByEntry,
  problemText,
  readConfiguration,
  type Configuration,
  type ConfigurationProblem,
} from '../discovery/configuration/configuration.js';
import { configurationPath } from '../discovery/configuration/configurationPath.js';
import type { DiscoveryProblem } from '../discovery/files/discoveryResult.js';
import { maxConfigurationBytes } from '../discovery/files/limits.js';
import { readContent, type FileContent } from '../discovery/files/workspaceFiles.js';
import { systemName } from '../discovery/files/systemName.js';
import type { ConfigurationProblems } from '../vscode/configuration/configurationProblems.js';
import { isFile } from '../host/system/boundedReads.js';
import { folderFiles } from './folderFiles.js';
import { configuredServers } from '../vscode/settings.js';
import type { Translator } from '../core/common.js';

/** All servers of a folder, and the reasons why others were left out. */
export interface LoadedConfiguration {
  readonly definitions: readonly ServerDefinition[];
  readonly problems: readonly DiscoveryProblem[];
}

/** Reads the settings and configuration files of the window's folders, and shows their problems. */
export class Configurations {
  /** Servers discovered last in each folder, against which a text is checked while the user edits it. */
  readonly #discovered = new Map<string, readonly ServerDefinition[]>();

  constructor(
    private readonly shown: ConfigurationProblems,
    private readonly nameOf: (folder: WorkspaceFolder) => string,
    private readonly l10n: Translator,
  ) {
    shown.onEdited((folder, text) => void this.#check(folder, text));
    shown.onClosed((folder) => void this.load(folder, this.#discovered.get(folder.uri.toString()) ?? []));
  }

  /** Merges the configured servers of a folder into the discovered ones, some of which they replace. */
  async load(folder: WorkspaceFolder, discovered: readonly ServerDefinition[]): Promise<LoadedConfiguration> {
    this.#discovered.set(folder.uri.toString(), discovered);
    const file = await readContent(folderFiles(folder), configurationPath, maxConfigurationBytes);
    const text = file.kind === 'text' ? file.text : '';
    const { definitions, problems } = await this.#read(folder, file, discovered);
    // The editor keeps the text of a deleted file for some minutes.
    const edited = file.kind === 'absent' ? undefined : this.shown.openText(folder);
    if (edited === undefined || edited === text) this.shown.show(folder, text, problems);
    else await this.#check(folder, edited);
    // While the file is open, the editor shows its problems; a notification for every unfinished line would be too
    // much.
    const isReported = ({ range }: ConfigurationProblem): boolean =>
      range === undefined || edited === undefined;
    const reported = problems.filter((problem) => !problem.isWarning && isReported(problem));
    return {
      definitions,
      problems: problemsByEntry(reported).map((problem) => ({
        file: problem.location,
        reason: problemText(problem),
      })),
    };
  }

  async #check(folder: WorkspaceFolder, text: string): Promise<void> {
    const discovered = this.#discovered.get(folder.uri.toString()) ?? [];
    const isTooLarge = text.length > maxConfigurationBytes;
    const file: FileContent = isTooLarge ? { kind: 'tooLarge' } : { kind: 'text', text };
    const { problems } = await this.#read(folder, file, discovered);
    // The user may have changed the text during the check; another check follows then.
    if (this.shown.openText(folder) === text) this.shown.show(folder, text, problems);
  }

  #read(
    folder: WorkspaceFolder,
    file: FileContent,
    discovered: readonly ServerDefinition[],
  ): Promise<Configuration> {
    const name = this.nameOf(folder);
    return readConfiguration({
      context: { folder: { name, path: folder.uri.fsPath }, paths, platform, l10n: this.l10n },
      settings: configuredServers(folder.uri),
      file,
      discovered,
      files: { ...folderFiles(folder), exists: isFile },
    });
  }
}

const platform = systemName(process.platform);
