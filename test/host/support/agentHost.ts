import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AgentSocket } from '../../../src/mcp/bridge/agentSocket.js';
import type { AgentQuestion, Confirmation } from '../../../src/core/agents/context.js';
import { AgentTools } from '../../../src/core/agents/tools.js';
import { english } from '../../../src/core/text.js';
import { OrderedStart } from '../../../src/core/dependencies/orderedStart.js';
import { createHostedRegistry } from '../../support/hostedRegistry.js';
import { pidsWith, windowIdOf } from '../../support/processes.js';
import { nodeProgram } from '../../support/serverProgram.js';
import { leftOfHost } from '../../support/windowsFamily.js';
import { hostPath } from './testHost.js';
import { timer } from '../../../src/host/system/timers.js';
import type { ServerDefinition } from '../../../src/core/server/definition.js';
import { missingSentences } from '../../../src/folderSearch/missingFiles.js';
import { WorktreeNames } from '../../../src/folderSearch/worktreeNames.js';
import { serversOfWorktree } from '../../../src/folderSearch/worktrees.js';
import { portInWorktree } from '../../../src/host/sockets/worktreePort.js';
import { AgreedStarts } from '../../../src/vscode/agents/agreedStarts.js';
import { currentPlatform } from '../../../src/host/platform/currentPlatform.js';

const log = { info: () => undefined, error: () => undefined };
const clock = { now: () => Date.now(), tick: () => performance.now() };

/** A window without its editor: registry, process host, tools and socket, in folders of their own. */
export class AgentHost {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'dev-servers-agents-')));
  readonly records = join(this.folder, 'records');
  readonly questions: AgentQuestion[] = [];
  answer: Confirmation = 'refused';
  isEnabled = true;
  isTrusted = true;
  servesWorktrees = false;
  /** Servers of git worktrees, by the top folders of these. */
  readonly #worktrees = new Map<string, readonly ServerDefinition[]>();
  readonly #worktreeNames = new WorktreeNames();
  #defined: readonly ServerDefinition[] = [];
  readonly consent = new AgreedStarts(
    { get: () => undefined, update: () => Promise.resolve() } as never,
    log,
  );
  readonly #hosted = createHostedRegistry({
    hostPath,
    ledgerFolder: join(this.folder, 'ledger'),
    logs: { folder: join(this.folder, 'logs'), maxBytes: () => 4 * 1024 * 1024 },
    log,
    ownPort: portInWorktree,
    stopPlan: { signal: 'SIGTERM', graceMs: 500 },
  });
  readonly registry = this.#hosted.registry;
  readonly processes = this.#hosted.processes;
  readonly lifecycle = this.#hosted.lifecycle;
  readonly tools = new AgentTools({
    registry: this.registry,
    lifecycle: this.lifecycle,
    starts: new OrderedStart({
      registry: this.registry,
      lifecycle: this.lifecycle,
      otherWindows: this.processes,
      inspector: this.processes,
      clock,
      l10n: english,
    }),
    logs: this.processes.logs,
    inspector: this.processes,
    permissions: {
      isEnabled: () => this.isEnabled,
      isTrusted: () => this.isTrusted,
      commandMode: () => 'confirm',
      confirm: (question) => {
        this.questions.push(question);
        return Promise.resolve(this.answer);
      },
    },
    workspace: {
      whenScanned: () => Promise.resolve(),
      reread: () => Promise.resolve(),
      resolveFolder: () => Promise.resolve(undefined),
      add: () => Promise.resolve(),
      openWorktree: async (root) => {
        const folders = [{ name: basename(this.opened), path: this.opened }];
        const found = await serversOfWorktree(root, folders, this.#worktreeNames);
        if (!found) return false;
        this.#worktrees.set(root, found);
        await this.#defineAll();
        return true;
      },
      missingIn: missingSentences,
    },
    consent: {
      has: (definition) => !definition.worktree || this.consent.has(definition),
      give: () => undefined,
    },
    onStarted: () => undefined,
    clock,
    timer,
    log,
    l10n: english,
  });
  #socket: AgentSocket | undefined;

  /** `opened` is the folder that the window has open, if it is not its own. */
  constructor(private opened = '') {
    this.opened ||= this.folder;
  }

  /** Opens the socket of a window with these folders. */
  async open(folders: readonly string[] = [this.folder], recordFolder = this.records): Promise<AgentSocket> {
    this.#socket = await AgentSocket.open(
      {
        folder: recordFolder,
        platform: currentPlatform(),
        log,
        call: (...args) => this.tools.call(...args),
        watchLog: (...args) => Promise.resolve(this.tools.watchLog(...args)),
      },
      { folders: [...folders], focusedAt: Date.now(), servesWorktrees: this.servesWorktrees },
    );
    return this.#socket;
  }

  /** Defines servers that run these Node scripts. */
  async define(scripts: Readonly<Record<string, string>>): Promise<void> {
    await this.defineServers(
      Object.entries(scripts).map(([id, script]) => ({
        id,
        name: id,
        folder: 'shop',
        subfolder: '',
        command: nodeProgram('-e', script),
        cwd: this.folder,
        env: {},
        port: undefined,
        source: 'settings',
      })),
    );
  }

  async defineServers(definitions: readonly ServerDefinition[]): Promise<void> {
    this.#defined = definitions;
    await this.#defineAll();
  }

  async #defineAll(): Promise<void> {
    await this.registry.define([...this.#defined, ...[...this.#worktrees.values()].flat()]);
  }

  async end(): Promise<void> {
    await this.#socket?.close();
    const marker = `DEV_SERVER_REGISTRY_ID=${windowIdOf(this.processes.newRunId())}`;
    const { pid } = this.processes;
    assert.deepEqual(await this.lifecycle.cleanup(), { survivors: [] });
    const isWindows = process.platform === 'win32';
    if (!isWindows) assert.deepEqual(pidsWith(marker), [], 'processes were left behind');
    await this.processes.dispose();
    if (isWindows) assert.deepEqual(await leftOfHost(pid), [], 'processes were left behind');
    assert.deepEqual(readdirOr(this.records), [], 'records of windows were left behind');
    rmSync(this.folder, { recursive: true, maxRetries: 5 });
  }
}

function readdirOr(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
