import { commands, ConfigurationTarget, Uri, workspace, type WorkspaceFolder } from 'vscode';
import { ServerError } from '../core/server/errors.js';
import { portConflictMode, type PortConflictMode } from '../core/tcpPorts/portConflict.js';
import { readyRule } from '../core/readiness/readyRule.js';
import { restartMode } from '../core/restart/backoff.js';
import type { DiscoverySource, ServerDefinition } from '../core/server/definition.js';
import { shellEnvironmentMode } from '../core/commandLine/shellEnvironment.js';
import { terminalEnvironment } from '../core/commandLine/terminalEnvironment.js';
import { trustedFolders } from './workspace/trust.js';
import { holdMs } from '../core/lifecycle/hold.js';
import { stopPlan, type StopPolicy } from '../core/lifecycle/stopGrace.js';
import type { Translator } from '../core/common.js';
import type { Admission } from '../core/registry/admission.js';
import type { EnvironmentPolicy, ReadyPolicy } from '../core/lifecycle/startRequest.js';
import type { RestartMode } from '../core/server/overrides.js';

const section = 'devServers';

/** The editor has separate terminal settings for each platform. */
const terminalPlatform =
  new Map<string, string>([
    ['darwin', 'osx'],
    ['win32', 'windows'],
  ]).get(process.platform) ?? 'linux';

/** Returns `devServers.maxServers`; a value of a wrong type or out of range counts as not set. */
function maxServers(): number {
  const value: unknown = workspace.getConfiguration(section).get('maxServers');
  return typeof value === 'number' && value >= 1 && value <= 1000 ? value : 20;
}

/**
 * Returns `devServers.logs.maxSize` in bytes, 0 for no logs; a value of a wrong type or out of range counts as not set.
 */
export function logBytes(): number {
  const value: unknown = workspace.getConfiguration(section).get('logs.maxSize');
  const mebibytes = typeof value === 'number' && (value === 0 || (value >= 1 && value <= 1000)) ? value : 10;
  return mebibytes * 1024 * 1024;
}

/** Returns `devServers.servers` for a folder, unchecked. */
export function configuredServers(folder: Uri): unknown {
  return workspace.getConfiguration(section, folder).get('servers');
}

/** Returns whether servers of this kind are discovered in a folder. */
export function isDiscovered(source: DiscoverySource, folder: Uri): boolean {
  return workspace.getConfiguration(section, folder).get<unknown>(`discovery.${source}`) !== false;
}

/** Returns the globs that the user excludes from searches, unchecked. */
export function searchExclusions(folder: Uri): unknown {
  return workspace.getConfiguration('search', folder).get('exclude');
}

/** Returns whether searches skip files that git ignores. */
export function usesGitIgnores(folder: Uri): boolean {
  return workspace.getConfiguration('search', folder).get<unknown>('useIgnoreFiles') !== false;
}

/** Returns whether servers for tests, production and other systems, and other ways to start a server are listed. */
export function showsAllScripts(folder: Uri): boolean {
  return workspace.getConfiguration(section, folder).get<unknown>('showAllScripts') === true;
}

/** Returns whether the terminal of a server is shown when the user starts it. */
export function showsTerminalOnStart(): boolean {
  return workspace.getConfiguration(section).get<unknown>('showTerminalOnStart') !== false;
}

/** Returns when addresses are opened automatically; `never` for any other value. */
export function openWhenReadyMode(): 'never' | 'once' | 'always' {
  const value: unknown = workspace.getConfiguration(section).get('openWhenReady');
  return value === 'once' || value === 'always' ? value : 'never';
}

/** Returns whether addresses are opened in the editor. */
export function opensInEditor(): boolean {
  return workspace.getConfiguration(section).get<unknown>('openIn') === 'editor';
}

/** Writes whether all scripts are listed in this workspace. */
export async function setShowsAllScripts(shows: boolean): Promise<void> {
  const target = ConfigurationTarget.Workspace;
  await workspace.getConfiguration(section).update('showAllScripts', shows || undefined, target);
}

/** Returns `devServers.orphans`; `stop` for any other value. */
export function orphanPolicy(): 'stop' | 'ask' | 'adopt' {
  const value: unknown = workspace.getConfiguration(section).get('orphans');
  return value === 'ask' || value === 'adopt' ? value : 'stop';
}

/**
 * Returns how long servers keep running without a window, milliseconds, and the workspace folders whose next window
 * gets them. A window in Restricted Mode or without folders leaves nothing.
 */
export function holdPlan(): { readonly holdMs: number; readonly workspace: readonly string[] } {
  const settings = workspace.getConfiguration(section);
  const time = holdMs({
    onWindowClose: settings.get('onWindowClose'),
    reloadGrace: settings.get('reloadGrace'),
    keepFor: settings.get('keepFor'),
  });
  const folders = trustedFolders().map(({ uri }) => uri.toString());
  return time === 0 || folders.length === 0
    ? { holdMs: 0, workspace: [] }
    : { holdMs: time, workspace: folders };
}

/** Stop signal and timeout: the server's own, or else the settings for its folder. */
export const stopPolicy: StopPolicy = {
  plan: ({ cwd, overrides }) => {
    const settings = workspace.getConfiguration(section, Uri.file(cwd));
    return stopPlan(overrides, {
      stopSignal: settings.get('stopSignal'),
      stopTimeout: settings.get('stopTimeout'),
    });
  },
};

/** Readiness rule: the server's own, with the settings for its folder as defaults. */
export const readyPolicy: ReadyPolicy = {
  rule: ({ cwd, overrides }) => {
    const setting: unknown = workspace.getConfiguration(section, Uri.file(cwd)).get('readyTimeout');
    return readyRule(overrides?.ready, setting);
  },
};

/** Environment settings for the server's folder: ours, and the editor's settings for terminals. */
export const environmentPolicy: EnvironmentPolicy = {
  of: ({ cwd }) => {
    const uri = Uri.file(cwd);
    const terminal: unknown = workspace
      .getConfiguration('terminal.integrated.env', uri)
      .get(terminalPlatform);
    const folder = workspace.getWorkspaceFolder(uri);
    return {
      terminal: terminalEnvironment(terminal, folder && { path: folder.uri.fsPath, name: folder.name }),
      shell: shellEnvironmentMode(workspace.getConfiguration(section, uri).get('inheritShellEnvironment')),
    };
  },
};

/** Returns what to do when the port of a start is in use, by the settings for the server's folder. */
export function portConflictModeOf({ cwd }: ServerDefinition): PortConflictMode {
  return portConflictMode(workspace.getConfiguration(section, Uri.file(cwd)).get('portConflict'));
}

/** Returns what to do when a server exits on its own: its own mode, or else the setting for its folder. */
export function restartModeOf({ cwd, overrides }: ServerDefinition): RestartMode {
  const setting: unknown = workspace.getConfiguration(section, Uri.file(cwd)).get('restart');
  return restartMode(overrides?.restart, setting);
}

/** Refuses starts in an untrusted workspace, and starts beyond the maximum number of servers. */
export function admission(l10n: Translator): Admission {
  return {
    admit: ({ name }, running) => {
      if (!workspace.isTrusted) {
        const message = l10n.t('{0} was not started: this workspace is not trusted.', name);
        return Promise.reject(new ServerError('untrusted', message));
      }
      const limit = maxServers();
      if (running < limit) return Promise.resolve();
      const message = l10n.t(
        '{0} was not started: {1} servers are already running (devServers.maxServers).',
        name,
        running,
      );
      return Promise.reject(new ServerError('limit', message));
    },
  };
}

/** Opens the file in which the setting with the servers is written, at this setting. */
export async function showServersSetting(folder: WorkspaceFolder): Promise<void> {
  const command = openSettingsCommand(workspace.getConfiguration(section, folder.uri).inspect('servers'));
  await commands.executeCommand(command, { revealSetting: { key: `${section}.servers` } });
}

function openSettingsCommand(
  inspected: { readonly workspaceValue?: unknown; readonly workspaceFolderValue?: unknown } = {},
): string {
  const { workspaceValue, workspaceFolderValue } = inspected;
  if (workspaceFolderValue !== undefined && (workspace.workspaceFolders?.length ?? 0) > 1)
    return '_workbench.action.openFolderSettingsFile';
  return (workspaceValue ?? workspaceFolderValue) === undefined
    ? 'workbench.action.openSettingsJson'
    : 'workbench.action.openWorkspaceSettingsFile';
}
