import { commands, ShellExecution, Task, tasks, TaskScope } from 'vscode';
import { packageManagerOf } from '../../core/commandLine/packageManager.js';
import type { Translator } from '../../core/common.js';
import type { ServerRecord } from '../../core/registry/snapshot.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import { lastEndOf } from '../../core/server/stateQueries.js';
import { complaintAtEnd } from '../../core/urlDetection/addressInUse.js';
import { crashText } from '../../core/views/crashAlerts.js';
import { hidesChat } from '../agents/fixWithChat.js';
import { showError } from '../display/messages.js';
import type { PortConflicts } from '../tcpPorts/portConflicts.js';
import { notifyFailure } from './failureNotifications.js';

export interface CrashNoticeDeps {
  readonly conflicts: Pick<PortConflicts, 'resolveCrash'>;
  /** Returns whether packages that a server needs are not installed. */
  readonly lacksPackages: (definition: ServerDefinition) => Promise<boolean>;
  readonly l10n: Translator;
}

/** Notifies the user of a crash and offers the next step. */
export async function showCrash(
  record: ServerRecord,
  { conflicts, lacksPackages, l10n }: CrashNoticeDeps,
): Promise<void> {
  const takenAddress = complaintAtEnd(lastEndOf(record.state));
  try {
    if (takenAddress && (await conflicts.resolveCrash(record.definition, takenAddress))) return;
  } catch (error) {
    return notifyFailure(error, l10n);
  }
  const manager = packageManagerOf(record.definition);
  if (manager !== undefined && (await lacksPackages(record.definition).catch(() => false)))
    return offerInstallation(record, manager, l10n);
  return offerRestart(record, l10n);
}

async function offerRestart(record: ServerRecord, l10n: Translator): Promise<void> {
  const { id } = record.definition;
  const [restart, showLog, showTerminal] = [l10n.t('Restart'), l10n.t('Show Log'), l10n.t('Show Terminal')];
  const fix = l10n.t('Fix with Chat');
  // The editor cuts off the texts of more buttons. A click on the row shows the terminal, too.
  const buttons = [hidesChat() ? showTerminal : fix, showLog, restart];
  const chosen = await showError(crashText(record, l10n), ...buttons);
  if (chosen === showTerminal) await commands.executeCommand('devServers.showTerminal', id);
  if (chosen === showLog) await commands.executeCommand('devServers.showServerLog', id);
  if (chosen === fix) await commands.executeCommand('devServers.fixWithChat', id);
  if (chosen === restart) await commands.executeCommand('devServers.start', id);
}

async function offerInstallation(record: ServerRecord, manager: string, l10n: Translator): Promise<void> {
  const { id, cwd } = record.definition;
  const [install, showLog] = [l10n.t('Install and Start'), l10n.t('Show Log')];
  const text = crashText(record, l10n, l10n.t('Its packages are not installed.'));
  const chosen = await showError(text, install, showLog);
  if (chosen === showLog) await commands.executeCommand('devServers.showServerLog', id);
  if (chosen !== install) return;
  const isInstalled = await installPackages(manager, cwd, l10n.t('Install packages'));
  if (isInstalled) await commands.executeCommand('devServers.start', id);
}

/** Installs the packages of a folder in a task, which shows its terminal. Resolves with whether that succeeded. */
async function installPackages(manager: string, cwd: string, name: string): Promise<boolean> {
  const command = new ShellExecution(manager, ['install'], { cwd });
  const task = new Task({ type: 'shell' }, TaskScope.Workspace, name, 'Dev Servers', command);
  const execution = await tasks.executeTask(task);
  return new Promise((resolve) => {
    let exitCode: number | undefined;
    const subscriptions = [
      tasks.onDidEndTaskProcess((event) => {
        if (event.execution === execution) exitCode = event.exitCode;
      }),
      tasks.onDidEndTask((event) => {
        if (event.execution !== execution) return;
        for (const each of subscriptions) each.dispose();
        resolve(exitCode === 0);
      }),
    ];
  });
}
