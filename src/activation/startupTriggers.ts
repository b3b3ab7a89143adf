import { readdir } from 'node:fs/promises';
import { Uri, workspace } from 'vscode';
import type { Logger } from '../core/common.js';
import { configurationPath } from '../discovery/configuration/configurationPath.js';
import { isFile } from '../host/system/boundedReads.js';
import { configuredServers } from '../vscode/settings.js';
import { whenTrusted, type TrustedSince } from '../vscode/workspace/trust.js';

/** Work that may be necessary when a window opens, without a request of the user. */
interface StartupTasks {
  settleOrphans(): Promise<void>;
  startWithWindow(trusted: TrustedSince): Promise<void>;
}

export interface StartupTriggerDeps {
  /** Absolute path of the folder that holds the records of all process hosts. */
  readonly ledgerFolder: string;
  /** Loads the code that runs the tasks, which is far larger than the checks. */
  readonly load: () => Promise<StartupTasks>;
  readonly log: Logger;
}

/** Runs each startup task if there is a reason for it. The checks are cheap, since every window makes them. */
export async function runStartupTriggers({ ledgerFolder, load, log }: StartupTriggerDeps): Promise<void> {
  const settleOrphans = async (): Promise<void> => {
    const records = await readdir(ledgerFolder).catch(() => []);
    if (records.length > 0) await (await load()).settleOrphans();
  };
  const autoStart = async (): Promise<void> => {
    const trusted = await whenTrusted();
    if (await mayAutoStart()) await (await load()).startWithWindow(trusted);
  };
  try {
    await Promise.all([settleOrphans(), autoStart()]);
  } catch (error) {
    log.error('A startup task failed', error);
  }
}

/**
 * Returns whether a server may be configured to start with the window: a folder has a configuration file, whose
 * problems are shown too, or a setting says so.
 */
async function mayAutoStart(): Promise<boolean> {
  const folders = workspace.workspaceFolders ?? [];
  const found = await Promise.all(
    folders.map(({ uri }) => isFile(Uri.joinPath(uri, configurationPath).fsPath)),
  );
  return found.includes(true) || folders.some(({ uri }) => mentionsAutoStart(configuredServers(uri)));
}

function mentionsAutoStart(servers: unknown): boolean {
  return Array.isArray(servers) && JSON.stringify(servers).includes('"autoStart":true');
}
