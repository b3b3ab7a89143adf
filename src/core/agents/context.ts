import type { OrderedStart } from '../dependencies/orderedStart.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { LogStore } from '../logs/logs.js';
import type { Origin } from '../server/origin.js';
import type { PortInspector } from '../tcpPorts/portUse.js';
import type { Registry } from '../registry/registry.js';
import type { ServerCommand, ServerDefinition } from '../server/definition.js';
import type { Clock, Logger, Timer, Translator } from '../common.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { ServerId } from '../server/identity.js';

/** Whether an agent may start what is not in the registry: `devServers.agents.commands`, the usual answer first. */
export const agentCommandModes = ['confirm', 'configuredOnly'] as const;

export type AgentCommandMode = (typeof agentCommandModes)[number];

/** Who calls, for how long, and how much of an answer fits. */
export interface AgentCaller {
  readonly origin: Extract<Origin, { kind: 'agent' }>;
  /** Ends the waiting; what has been done stays done. */
  readonly signal: AbortSignal;
  /** UTF-16 units of output that the caller has room for. */
  readonly room?: number;
  /** Code that could do all of this without us is not asked for confirmation. */
  readonly isTrusted?: true;
}

/** What a person is asked before it is done for an agent. */
export type AgentQuestion =
  | { readonly kind: 'stop' | 'restart'; readonly agent: string; readonly server: ServerRecord }
  | { readonly kind: 'run'; readonly agent: string; readonly command: ServerCommand; readonly cwd: string };

export type Confirmation = 'accepted' | 'refused' | 'unanswered';

/** What agents are allowed to. */
interface AgentPermissions {
  isEnabled(): boolean;
  isTrusted(): boolean;
  commandMode(): AgentCommandMode;
  /** Asks the person at the window. Resolves within a bounded time. */
  confirm(question: AgentQuestion): Promise<Confirmation>;
}

/** A folder of the workspace. */
export interface ResolvedFolder {
  /** Name of the workspace folder. */
  readonly folder: string;
  /** Inside of it, with `/`; empty for the workspace folder itself. */
  readonly subfolder: string;
  /** Absolute. */
  readonly path: string;
}

/** The workspace as agents see it. */
export interface AgentWorkspace {
  /** Resolves when the servers of the workspace are known. */
  whenScanned(): Promise<void>;
  /**
   * The folder at an absolute path, or at one that is relative to the first workspace folder, links followed; `undefined`
   * when it does not exist or lies outside of the workspace.
   */
  resolveFolder(path: string): Promise<ResolvedFolder | undefined>;
  /** Lists one more server, for as long as the window lives. */
  add(definition: ServerDefinition): Promise<void>;
}

export interface AgentToolDeps {
  readonly registry: Registry;
  readonly lifecycle: Pick<Lifecycle, 'stop'>;
  readonly starts: Pick<OrderedStart, 'start' | 'restart'>;
  readonly logs: LogStore;
  readonly inspector: Pick<PortInspector, 'inspectPort'>;
  readonly permissions: AgentPermissions;
  readonly workspace: AgentWorkspace;
  /** Lets the person see what was started. */
  readonly onStarted: (id: ServerId) => void;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly log: Logger;
  /** For what people read. */
  readonly l10n: Translator;
}
