import { env, l10n, workspace, type LanguageModelTool } from 'vscode';
import type { DevServersApi } from '../api.js';
import { createAgentAccess } from './agentTools.js';
import type { AgentTools } from '../core/agents/tools.js';
import type { ToolName } from '../core/agents/names.js';
import type { StartConsent } from '../core/consent/startConsent.js';
import type { Registry } from '../core/registry/registry.js';
import type { HostClient } from '../host/client/hostClient.js';
import { configurationPath } from '../discovery/configuration/configurationPath.js';
import { timer } from '../host/system/timers.js';
import { createHandOver } from './createHandOver.js';
import { createServices } from './services.js';
import type { ActivationContext } from '../activation/activationContext.js';
import { runAutoStart } from '../vscode/autoStart/autoStart.js';
import type { RunCommand } from '../vscode/commands/commandIds.js';
import { RowClicks } from '../vscode/commands/rowClicks.js';
import { networkUrls } from '../host/sockets/networkUrls.js';
import { lacksPackages } from './missingFiles.js';
import { pathInside } from './pathInside.js';
import { createCommands } from '../vscode/commands/commandHandlers.js';
import { ConfigurationEditor } from '../vscode/configuration/configurationEditor.js';
import { notifyCrashes } from '../vscode/notifications/crashNotifications.js';
import type { DiagnosticsDocument } from '../vscode/logs/diagnosticsDocument.js';
import { notifyHealthProblems } from '../vscode/notifications/healthNotifications.js';
import { PreferredServers } from '../vscode/tree/preferredServers.js';
import { ServerFilter } from '../vscode/tree/serverFilter.js';
import { HiddenServers } from '../vscode/tree/hiddenServers.js';
import { LogDocuments } from '../vscode/logs/logDocuments.js';
import { openWhenReadyMode } from '../vscode/settings.js';
import { openWhenReady } from '../vscode/autoStart/openWhenReady.js';
import { applyOrphanPolicy } from '../vscode/autoStart/orphanPolicy.js';
import { stopInRemovedFolders } from '../vscode/workspace/removedFolders.js';
import { ServerTerminals } from '../vscode/terminals/serverTerminals.js';
import { dateLocale } from '../core/views/dateLocale.js';
import { ServerTree } from '../vscode/tree/serverTree.js';
import { createTreeView } from '../vscode/tree/treeView.js';
import { holdPlan } from '../vscode/settings.js';
import { whenTrusted, type TrustedSince } from '../vscode/workspace/trust.js';

/** Internals that the API exposes to the tests of the extension. */
export interface TestHooks {
  readonly registry: Registry;
  readonly processes: HostClient;
  readonly consent: StartConsent;
}

/** The stateful part of the extension. Each window creates one, on first use. */
export interface ExtensionRuntime {
  readonly api: DevServersApi;
  readonly tools: AgentTools;
  readonly tree: ServerTree;
  readonly logDocuments: LogDocuments;
  readonly diagnostics: DiagnosticsDocument;
  readonly internals: TestHooks;
  readonly run: RunCommand;
  chatTool(name: ToolName): LanguageModelTool<object>;
  startWithWindow(trusted: TrustedSince): Promise<void>;
  settleOrphans(): Promise<void>;
  /** Takes over the servers that an earlier window of this workspace has left. Never rejects. */
  takeOver(): Promise<void>;
  /** Leaves the servers to the next window, or stops every server and ends the process host. */
  shutDown(): Promise<void>;
}

/** Creates the runtime. Resolves when it lists the servers of an earlier window, before it is used for anything else. */
export async function openExtensionRuntime(activation: ActivationContext): Promise<ExtensionRuntime> {
  const runtime = createExtensionRuntime(activation);
  if (workspace.isTrusted) await runtime.takeOver();
  else void whenTrusted().then(() => runtime.takeOver());
  return runtime;
}

/** Creates the parts and connects them with the objects that exist since activation. */
function createExtensionRuntime(activation: ActivationContext): ExtensionRuntime {
  const { context, log, view, statusBar } = activation;
  const services = createServices(context, log);
  const { clock, registry, processes, lifecycle, definitions, diagnostics } = services;
  const locale = dateLocale(env.language);
  const moment = () => ({ now: clock.now(), tick: clock.tick(), locale });
  const { hold } = processes;
  const terminals = new ServerTerminals({
    registry,
    lifecycle,
    output: processes,
    l10n,
    clock,
    log,
    store: hold,
  });
  const hidden = new HiddenServers(context.workspaceState, registry);
  // The servers of an earlier window are shown at once.
  const whenScanned = async () => {
    const first = definitions.whenFirstResults();
    if (registry.current.servers.length === 0) await first;
  };
  const preferred = new PreferredServers(context.workspaceState);
  const filter = new ServerFilter();
  const tree = new ServerTree({ registry, hidden, preferred, filter, l10n, timer, moment, whenScanned });
  const opener = openWhenReady({ registry, timer, log, mode: openWhenReadyMode, since: clock.now() });
  const { logs } = processes;
  const handOver = createHandOver(services, terminals, activation);
  const agents = createAgentAccess(activation, services, terminals);
  const logDocuments = new LogDocuments({ logs, registry, definitions, l10n, log, clock, timer });
  context.subscriptions.push(
    logDocuments,
    agents,
    services.autoRestart,
    definitions,
    services.configurationProblems,
    opener,
    diagnostics,
    terminals,
    hidden,
    preferred,
    filter,
    tree,
    createTreeView(view, { registry, hidden, filter, l10n }),
    { dispose: registry.onDidChange((snapshot) => statusBar.draw(snapshot)) },
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('devServers')) hold.update();
    }),
    workspace.onDidChangeWorkspaceFolders(() => hold.update()),
    stopInRemovedFolders(registry, services.stops, log),
    notifyCrashes(registry, { ...services, timer, l10n, lacksPackages }),
    notifyHealthProblems(registry, { ...services, l10n }),
  );
  const { api, tools } = agents;
  return {
    api,
    tools,
    tree,
    logDocuments,
    diagnostics,
    internals: { registry, processes, consent: services.consent },
    run: createCommands({
      ...services,
      ...agents,
      configurationEditor: new ConfigurationEditor(
        configurationPath,
        async () => (await import('./configurationFormat.js')).configurationFormat(l10n),
        l10n,
      ),
      pathInside,
      networkUrls,
      view,
      clicks: new RowClicks(() => clock.tick()),
      terminals,
      hidden,
      preferred,
      filter,
      opener,
      logs,
      logDocuments,
      log,
      l10n,
      moment,
    }),
    chatTool: (name) => agents.chatTool(name),
    startWithWindow: (trusted) =>
      runAutoStart(trusted, { ...services, answers: context.workspaceState, log, l10n }),
    settleOrphans: () => applyOrphanPolicy({ ...services, keeper: processes, l10n, log }),
    takeOver: () => handOver.takeOver(),
    shutDown: async () => {
      if (holdPlan().holdMs > 0 && (await handOver.leave())) return;
      await lifecycle.cleanup();
      await processes.dispose();
    },
  };
}
