import type { OrderedStart } from '../dependencies/orderedStart.js';
import type { Lifecycle } from '../lifecycle/lifecycle.js';
import type { LogStore } from '../logs/logStore.js';
import type { StartConsent } from '../consent/startConsent.js';
import type { AgentOrigin } from '../server/origin.js';
import type { PortInspector } from '../tcpPorts/portUse.js';
import type { Registry } from '../registry/registry.js';
import type { ServerCommand, ServerDefinition } from '../server/definition.js';
import type { Clock, Logger, Timer, Translator } from '../common.js';
import type { ServerRecord } from '../registry/snapshot.js';
import type { ServerId } from '../server/identity.js';

/** Values of `devServers.agents.commands`: whether an agent may start a command that is not in the registry; the default first. */
export const agentCommandModes = ['confirm', 'configuredOnly'] as const;

export type AgentCommandMode = (typeof agentCommandModes)[number];

/** The origin and the limits of a call. */
export interface AgentCaller {
  readonly origin: AgentOrigin;
  /** Cancels the wait for an answer; actions that have been taken are not undone. */
  readonly signal: AbortSignal;
  /** Maximum length of output that the caller accepts; UTF-16 units. */
  readonly maxOutputLength?: number;
  /** Set for other extensions: they could stop any process on their own, so their calls need no confirmation. */
  readonly isTrusted?: true;
  /** Top folder of the git worktree that the caller works in; it sees only the servers of that worktree. */
  readonly worktree?: string;
}

/** An action of an agent that the user must confirm. */
export type AgentQuestion =
  | { readonly kind: 'stop' | 'restart'; readonly caller: AgentOrigin; readonly server: ServerRecord }
  /** To start a command that is not listed. */
  | {
      readonly kind: 'run';
      readonly caller: AgentOrigin;
      readonly command: ServerCommand;
      readonly cwd: string;
    }
  /** To start listed servers that are new or have changed. */
  | {
      readonly kind: 'start';
      readonly caller: AgentOrigin;
      readonly definitions: readonly ServerDefinition[];
    };

/** `notAsked`: too many questions were open already; `noTerminal`: there is no terminal in which to ask. */
export type Confirmation = 'accepted' | 'refused' | 'unanswered' | 'notAsked' | 'noTerminal';

/** The settings and the user's decisions that limit agents. */
interface AgentPermissions {
  isEnabled(): boolean;
  isTrusted(): boolean;
  commandMode(): AgentCommandMode;
  /** Asks the user in this window. Resolves within a bounded time. */
  confirm(question: AgentQuestion): Promise<Confirmation>;
}

/** A folder of the workspace. */
export interface ResolvedFolder {
  /** Name of the workspace folder. */
  readonly folder: string;
  /** Path relative to the workspace folder, with `/`; empty for the workspace folder itself. */
  readonly subfolder: string;
  /** Absolute path. */
  readonly path: string;
}

/** The operations on the workspace that the tools need. */
export interface AgentWorkspace {
  /** Resolves when the first scan of the workspace is complete. */
  whenScanned(): Promise<void>;
  /** Reads the files that define a server again. Resolves when the registry has the current definition. */
  reread(definition: ServerDefinition): Promise<void>;
  /**
   * Returns the folder at a path that is absolute or relative to the first workspace folder, with symbolic links
   * resolved; `undefined` if it does not exist or lies outside the workspace.
   */
  resolveFolder(path: string): Promise<ResolvedFolder | undefined>;
  /**
   * Reads the servers of a git worktree of a workspace folder. Resolves with `false` if it is not one. Windows without this
   * serve no worktrees.
   */
  openWorktree?(root: string): Promise<boolean>;
  /**
   * Returns sentences about files that the folder of a server lacks because they are in no repository, as after a
   * clone.
   */
  missingIn?(definition: ServerDefinition): Promise<readonly string[]>;
  /** Adds a server to the registry until the window closes. */
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
  readonly consent: StartConsent;
  /** Reveals a started server to the user. */
  readonly onStarted: (id: ServerId) => void;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly log: Logger;
  /** Translator of texts that the user reads. */
  readonly l10n: Translator;
}
