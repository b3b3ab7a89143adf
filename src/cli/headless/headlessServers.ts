import { join } from 'node:path';
import { AgentTools } from '../../core/agents/tools.js';
import { consentText, type StartConsent } from '../../core/consent/startConsent.js';
import { OrderedStart } from '../../core/dependencies/orderedStart.js';
import { OrderedStop } from '../../core/dependencies/orderedStop.js';
import { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { Logger } from '../../core/common.js';
import { Registry } from '../../core/registry/registry.js';
import { RestartPolicy } from '../../core/restart/restartPolicy.js';
import { RestartScheduler } from '../../core/restart/restartScheduler.js';
import { AssignedPorts } from '../../core/tcpPorts/assignedPorts.js';
import { declaredPort } from '../../core/tcpPorts/declaredPort.js';
import { english, withoutFullStop } from '../../core/text.js';
import type { Survivor } from '../../core/server/state.js';
import { HostClient } from '../../host/client/hostClient.js';
import { currentPlatform } from '../../host/platform/currentPlatform.js';
import { freePort } from '../../host/sockets/tcpPorts.js';
import { worktreePort } from '../../host/sockets/worktreePort.js';
import { realPath } from '../../host/system/boundedReads.js';
import { timer } from '../../host/system/timers.js';
import { AgentSocket } from '../../mcp/bridge/agentSocket.js';
import { checkoutOf } from '../../mcp/bridge/checkout.js';
import { report } from '../call/output.js';
import { untilAborted } from './untilAborted.js';
import { storageFolders } from '../windows/recordFolders.js';
import { HeadlessDefinitions } from './headlessDefinitions.js';
import {
  admission,
  environmentPolicy,
  maxLogBytes,
  readyPolicy,
  restartModeOf,
  stopPolicy,
} from './policies.js';
import { TerminalQuestions } from './terminalQuestions.js';
import { errorMessage } from '../../core/errorMessage.js';

export interface HeadlessOptions {
  /** Absolute path of the folder with the servers. */
  readonly folder: string;
  /** Whether to answer every question of other callers with yes. */
  readonly agrees: boolean;
  /** Aborted when the servers are to be stopped. */
  readonly signal: AbortSignal;
}

/** Returns consent that lasts until this process ends. */
function sessionConsent(): StartConsent {
  const texts = new Set<string>();
  return {
    has: (definition) => texts.has(consentText(definition)),
    give: (definition) => void texts.add(consentText(definition)),
  };
}

const clock = { now: () => Date.now(), tick: () => performance.now() };

/** Reports each failure once, without the stack that may follow it: a full disk fails every write. */
function onceReporter(): Logger {
  const reported = new Set<string>();
  return {
    info: () => undefined,
    error: (message, cause) => {
      const [line = ''] = `${message}${cause === undefined ? '' : `: ${errorMessage(cause)}`}`.split('\n');
      if (!reported.has(line)) report(line);
      reported.add(line);
    },
  };
}

const log = onceReporter();

/** The servers of a folder in a terminal: the services of a window, without the editor. */
export class HeadlessServers {
  readonly registry = new Registry({ admission, log });
  readonly processes: HostClient;
  readonly starts: OrderedStart;
  readonly definitions: HeadlessDefinitions;
  readonly #lifecycle: Lifecycle;
  readonly #stops: OrderedStop;
  readonly #restarts: RestartScheduler;
  readonly #tools: AgentTools;
  #socket: AgentSocket | undefined;

  /** `worktree` is the top folder of the git worktree that the folder is in. */
  private constructor(
    private readonly options: HeadlessOptions,
    private readonly storage: string,
    worktree: string | undefined,
  ) {
    const { registry } = this;
    const { folder } = options;
    this.processes = new HostClient({
      hostPath: join(__dirname, 'host.js'),
      ledgerFolder: join(storage, 'ledger'),
      logs: { folder: join(storage, 'logs'), maxBytes: () => maxLogBytes },
      log,
      onResponsive: (isResponsive) =>
        report(
          `The process that runs the servers ${isResponsive ? 'responds again.' : 'does not respond. To kill it and its servers, press Ctrl+C.'}`,
        ),
    });
    const { processes } = this;
    const consent = sessionConsent();
    this.#lifecycle = new Lifecycle({
      registry,
      consent,
      processes,
      stopPolicy,
      readyPolicy,
      environmentPolicy,
      clock,
      log,
      newRunId: processes.newRunId,
      assignedPorts: new AssignedPorts({
        registry,
        inspector: processes,
        // The user is not asked: a port in use fails the start, but in a worktree the server gets another port.
        mode: () => (worktree === undefined ? 'fail' : 'useFreePort'),
        ...(worktree !== undefined && { ownPort: ownPortIn(worktree) }),
        freePort,
        clock,
        log,
        l10n: english,
      }),
      variables: {
        shell: process.platform === 'win32' ? 'cmd.exe' : '/bin/sh',
        env: (name) => process.env[name],
        workspaceFolder: () => folder,
      },
      restarts: new RestartPolicy({ mode: restartModeOf, clock }),
    });
    const lifecycle = this.#lifecycle;
    this.starts = new OrderedStart({
      registry,
      lifecycle,
      otherWindows: processes,
      inspector: processes,
      clock,
      l10n: english,
    });
    this.#stops = new OrderedStop({ registry, lifecycle });
    this.#restarts = new RestartScheduler({
      registry,
      lifecycle,
      timer,
      log,
      onRefused: (error) => report(errorMessage(error)),
    });
    this.definitions = new HeadlessDefinitions(folder, registry);
    const questions = new TerminalQuestions(options.agrees, options.signal);
    this.#tools = new AgentTools({
      registry,
      lifecycle,
      starts: this.starts,
      logs: processes.logs,
      inspector: processes,
      permissions: {
        isEnabled: () => true,
        isTrusted: () => true,
        commandMode: () => 'confirm',
        confirm: (question) => questions.confirm(question),
      },
      workspace: this.definitions,
      consent,
      onStarted: () => undefined,
      clock,
      timer,
      log,
      l10n: english,
    });
  }

  /**
   * Reads the folder, and makes it reachable for other terminals and agents. Starts no server. Rejects when the signal
   * is aborted first, since a folder may not answer.
   */
  static async open(options: HeadlessOptions): Promise<HeadlessServers> {
    const checkout = await checkoutOf(await realPath(options.folder));
    const [storage] = storageFolders();
    const servers = new HeadlessServers(options, storage, checkout?.isLinked ? checkout.root : undefined);
    await Promise.race([servers.definitions.scan(), untilAborted(options.signal)]);
    options.signal.throwIfAborted();
    try {
      await servers.#listen();
    } catch (error) {
      throw new Error(
        `The folder for records and logs of servers, ${storage}, cannot be used: ${withoutFullStop(errorMessage(error))}. To check it, run: devservers doctor`,
        { cause: error },
      );
    }
    return servers;
  }

  /**
   * Stops every server, each with its own grace, or with a short one once `urgent` is aborted. Resolves with the
   * processes that are still alive.
   */
  async end(urgent: AbortSignal): Promise<readonly Survivor[]> {
    await this.#socket?.close();
    this.#restarts.dispose();
    await this.processes.endUnresponsive();
    const stopUrgently = (): void => void this.#lifecycle.cleanup();
    if (urgent.aborted) stopUrgently();
    urgent.addEventListener('abort', stopUrgently, { once: true });
    await this.#stops.stopEverything();
    const { survivors } = await this.#lifecycle.cleanup();
    await this.processes.dispose();
    return survivors.flatMap((server) => server.processes);
  }

  async #listen(): Promise<void> {
    const { folder } = this.options;
    const real = await realPath(folder);
    const tools = this.#tools;
    this.#socket = await AgentSocket.open(
      {
        folder: join(this.storage, 'agents'),
        platform: currentPlatform(),
        log,
        call: (...args) => tools.call(...args),
        watchLog: async (...args) => tools.watchLog(...args),
      },
      // A window on the same folder takes precedence, since it also has the state of the editor.
      { folders: [...new Set([real, folder])], focusedAt: 0, isTerminal: true },
    );
  }
}

function ownPortIn(worktree: string): (definition: Parameters<typeof declaredPort>[0]) => number | undefined {
  return (definition) => {
    const declared = declaredPort(definition);
    return declared === undefined ? undefined : worktreePort(declared, worktree);
  };
}
