import type {
  AgentCaller,
  AgentCommandMode,
  AgentToolDeps,
  AgentQuestion,
  Confirmation,
  ResolvedFolder,
} from '../../../../src/core/agents/context.js';
import { consentText, type StartConsent } from '../../../../src/core/consent/startConsent.js';
import { AgentTools } from '../../../../src/core/agents/tools.js';
import type { LogStore } from '../../../../src/core/logs/logStore.js';
import type { PortUse } from '../../../../src/core/tcpPorts/portUse.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { FakeTime } from '../support/fakeTime.js';
import { definition, english, orderedStart, world, type World, type WorldOptions } from '../support/fakes.js';
import type { OtherWindowRun } from '../../../../src/core/server/otherWindows.js';

export interface AgentWorld extends World {
  readonly tools: AgentTools;
  readonly time: FakeTime;
  readonly questions: AgentQuestion[];
  /** State of the window, which a test may change. */
  readonly facts: {
    isEnabled: boolean;
    isTrusted: boolean;
    commands: AgentCommandMode;
    /** Returns the user's answer to a question. */
    answer: (question: AgentQuestion) => Promise<Confirmation>;
    elsewhere: OtherWindowRun | undefined;
    use: PortUse;
    logs: Partial<LogStore>;
    /** Reads the files of the workspace again. */
    reread: () => Promise<void>;
    /** Whether the user has agreed to every definition. */
    agreesToAll: boolean;
  };
  /** Returns a caller with this name. */
  readonly agent: (name?: string, more?: Partial<AgentCaller>) => AgentCaller;
  /** Reports the only live run as ready. */
  readonly ready: (url?: string) => Promise<void>;
}

const resolvedFolders: Readonly<Record<string, ResolvedFolder>> = {
  '.': { folder: 'shop', subfolder: '', path: '/shop' },
  'apps/web': { folder: 'shop', subfolder: 'apps/web', path: '/shop/apps/web' },
};

/** Creates the tools over the real registry and lifecycle, and fake processes. */
export async function agentWorld(options: WorldOptions = {}): Promise<AgentWorld> {
  const time = new FakeTime();
  const base = await world(options);
  const { registry, lifecycle, processes } = base;
  const questions: AgentQuestion[] = [];
  const facts: AgentWorld['facts'] = {
    isEnabled: true,
    isTrusted: true,
    commands: 'confirm',
    answer: () => Promise.resolve('refused'),
    elsewhere: undefined,
    use: { kind: 'free' },
    logs: {},
    reread: () => Promise.resolve(),
    agreesToAll: true,
  };
  const agreed = new Set<string>();
  const consent: StartConsent = {
    has: (each) => facts.agreesToAll || agreed.has(consentText(each)),
    give: (each) => void agreed.add(consentText(each)),
  };
  const deps: AgentToolDeps = {
    registry,
    lifecycle,
    starts: orderedStart(registry, lifecycle, {
      otherWindows: { find: () => Promise.resolve(facts.elsewhere) },
      inspector: { inspectPort: () => Promise.resolve(facts.use) },
      clock: time,
    }),
    logs: new Proxy({} as LogStore, { get: (_, name: keyof LogStore) => facts.logs[name] }),
    inspector: { inspectPort: () => Promise.resolve(facts.use) },
    permissions: {
      isEnabled: () => facts.isEnabled,
      isTrusted: () => facts.isTrusted,
      commandMode: () => facts.commands,
      confirm: (question) => {
        questions.push(question);
        return facts.answer(question);
      },
    },
    workspace: {
      whenScanned: () => Promise.resolve(),
      reread: () => facts.reread(),
      resolveFolder: (path) => Promise.resolve(resolvedFolders[path]),
      openWorktree: (root) => Promise.resolve(root === '/fix'),
      add: async (added: ServerDefinition) => {
        await registry.define([...registry.current.servers.map((each) => each.definition), added]);
      },
    },
    consent,
    onStarted: () => undefined,
    clock: time,
    timer: time,
    log: { info: () => undefined, error: () => undefined },
    l10n: english,
  };
  return {
    ...base,
    tools: new AgentTools(deps),
    time,
    questions,
    facts,
    agent: (name = 'Copilot', more = {}) => ({
      origin: { kind: 'agent', name, caller: name },
      signal: new AbortController().signal,
      ...more,
    }),
    ready: async (url = 'http://localhost:1/') => {
      const endpoint = { url, listener: 'own', pid: 101, contested: false } as const;
      processes.emit({ kind: 'ready', runId: processes.onlyRun, endpoint });
      await registry.snapshot();
    },
  };
}

export { definition };
