import { env, l10n, Uri, type ExtensionContext } from 'vscode';
import { RestartScheduler } from '../core/restart/restartScheduler.js';
import { OrderedStart } from '../core/dependencies/orderedStart.js';
import { OrderedStop } from '../core/dependencies/orderedStop.js';
import { Lifecycle } from '../core/lifecycle/lifecycle.js';
import { Registry } from '../core/registry/registry.js';
import { RestartPolicy } from '../core/restart/restartPolicy.js';
import { AssignedPorts } from '../core/tcpPorts/assignedPorts.js';
import { configurationPath } from '../discovery/configuration/configurationPath.js';
import { HostClient } from '../host/client/hostClient.js';
import { freePort } from '../host/sockets/tcpPorts.js';
import { portInWorktree } from '../host/sockets/worktreePort.js';
import { variableSource } from './variableSource.js';
import { AgreedStarts } from '../vscode/agents/agreedStarts.js';
import { ConfigurationProblems } from '../vscode/configuration/configurationProblems.js';
import { ChosenWays } from '../vscode/workspace/chosenWays.js';
import { Definitions } from '../vscode/workspace/definitions.js';
import { DiagnosticsDocument, type ExtensionManifest } from '../vscode/logs/diagnosticsDocument.js';
import { notifyFailure } from '../vscode/notifications/failureNotifications.js';
import { offerToEndHost } from '../vscode/notifications/hostNotifications.js';
import { folderNameOf } from '../vscode/workspace/workspaceFolders.js';
import { PortAnswers } from '../vscode/tcpPorts/portAnswers.js';
import { SilencedNotices } from '../vscode/notifications/silencedNotices.js';
import { PortConflicts } from '../vscode/tcpPorts/portConflicts.js';
import { notifyConfigurationProblems } from '../vscode/notifications/problemNotification.js';
import {
  admission,
  environmentPolicy,
  holdPlan,
  logBytes,
  orphanPolicy,
  portConflictModeOf,
  readyPolicy,
  restartModeOf,
  stopPolicy,
} from '../vscode/settings.js';
import { isFolder } from '../host/system/boundedReads.js';
import { timer } from '../host/system/timers.js';
import type { StartConsent } from '../core/consent/startConsent.js';
import type { Clock, Logger } from '../core/common.js';

/** Services of a window that have no user interface of their own. */
export interface Services {
  readonly clock: Clock;
  readonly registry: Registry;
  readonly processes: HostClient;
  readonly lifecycle: Lifecycle;
  readonly starts: OrderedStart;
  readonly stops: OrderedStop;
  readonly conflicts: PortConflicts;
  readonly autoRestart: RestartScheduler;
  readonly configurationProblems: ConfigurationProblems;
  readonly definitions: Definitions;
  readonly ways: ChosenWays;
  readonly diagnostics: DiagnosticsDocument;
  readonly consent: StartConsent;
  readonly silenced: SilencedNotices;
  readonly portAnswers: PortAnswers;
  readonly assignedPorts: AssignedPorts;
  readonly restarts: RestartPolicy;
}

/** Creates the services of a window and connects them. Reads nothing and starts nothing. */
export function createServices(context: ExtensionContext, log: Logger): Services {
  const clock = { now: () => Date.now(), tick: () => performance.now() };
  const registry = new Registry({ admission: admission(l10n), log });
  const onResponsive = (isResponsive: boolean): void => {
    log.info(isResponsive ? 'The process host responds again.' : 'The process host does not respond.');
    if (!isResponsive) void offerToEndHost(processes, l10n);
  };
  const processes = new HostClient({
    hostPath: context.asAbsolutePath('dist/host.js'),
    editorFolder: env.appRoot,
    ledgerFolder: Uri.joinPath(context.globalStorageUri, 'ledger').fsPath,
    logs: { folder: Uri.joinPath(context.globalStorageUri, 'logs').fsPath, maxBytes: logBytes },
    hold: holdPlan,
    keepsOrphans: () => orphanPolicy() !== 'stop',
    log,
    onResponsive,
  });
  const portAnswers = new PortAnswers(context.workspaceState, portConflictModeOf);
  const silenced = new SilencedNotices(context.workspaceState);
  const portDeps = { registry, inspector: processes, mode: portAnswers.modeOf, clock, log, l10n };
  const assignedPorts = new AssignedPorts({
    ...portDeps,
    mode: (definition) => (definition.worktree ? 'useFreePort' : portAnswers.modeOf(definition)),
    ownPort: portInWorktree,
    freePort,
  });
  const consent = new AgreedStarts(context.workspaceState, log);
  const restarts = new RestartPolicy({ mode: restartModeOf, clock });
  const lifecycle = new Lifecycle({
    registry,
    consent,
    processes,
    stopPolicy,
    readyPolicy,
    environmentPolicy,
    clock,
    log,
    newRunId: processes.newRunId,
    assignedPorts,
    variables: variableSource,
    restarts,
  });
  const windowDeps = { registry, lifecycle, otherWindows: processes, inspector: processes };
  const starts = new OrderedStart({ ...windowDeps, clock, l10n });
  const stops = new OrderedStop({ registry, lifecycle });
  const conflicts = new PortConflicts({
    ...portDeps,
    ...windowDeps,
    assignedPorts,
    starts,
    remember: (...answer) => portAnswers.remember(...answer),
  });
  const autoRestart = new RestartScheduler({
    registry,
    lifecycle,
    timer,
    log,
    onRefused: (error) => notifyFailure(error, l10n),
  });
  const configurationProblems = new ConfigurationProblems(configurationPath, timer);
  const ways = new ChosenWays(context.workspaceState);
  const definitions = new Definitions({
    registry,
    ways,
    load: async () =>
      (await import('./serverFinder.js')).serverFinder({
        shown: configurationProblems,
        staticScript: context.asAbsolutePath('dist/staticServer.js'),
        nameOf: folderNameOf,
        l10n,
      }),
    timer,
    isFolder: (path) => isFolder(path).catch(() => false),
    isRemoved: (path) =>
      isFolder(path).then(
        (isThere) => !isThere,
        () => false,
      ),
    log,
    onProblems: (problems) => void notifyConfigurationProblems(problems, silenced, l10n),
  });
  const facts = async () => ({
    snapshot: registry.current,
    lock: registry.lockMetrics,
    processHostPid: processes.pid,
    ledger: await processes.describeLedger(),
  });
  const diagnostics = new DiagnosticsDocument(facts, context.extension.packageJSON as ExtensionManifest);
  return {
    clock,
    registry,
    processes,
    lifecycle,
    starts,
    stops,
    conflicts,
    autoRestart,
    configurationProblems,
    definitions,
    ways,
    diagnostics,
    consent,
    silenced,
    portAnswers,
    assignedPorts,
    restarts,
  };
}
