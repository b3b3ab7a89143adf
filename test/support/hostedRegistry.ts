import { Lifecycle } from '../../src/core/lifecycle/lifecycle.js';
import { readyRule } from '../../src/core/readiness/readyRule.js';
import { Registry } from '../../src/core/registry/registry.js';
import type { StopPlan } from '../../src/core/server/overrides.js';
import { HostClient, type HostClientOptions } from '../../src/host/client/hostClient.js';

/** A registry whose servers run in a process host, as `src/composition/services.ts` connects them. */
export interface HostedRegistry {
  readonly registry: Registry;
  readonly processes: HostClient;
  readonly lifecycle: Lifecycle;
}

export interface HostedRegistryOptions extends HostClientOptions {
  readonly stopPlan?: StopPlan;
}

/** Creates a registry over a process host. Its servers are ready by the usual rule and all stopped by the same plan. */
export function createHostedRegistry({
  stopPlan = { signal: 'SIGTERM', graceMs: 2000 },
  ...options
}: HostedRegistryOptions): HostedRegistry {
  const { log } = options;
  const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
  const processes = new HostClient(options);
  const lifecycle = new Lifecycle({
    registry,
    processes,
    readyPolicy: { rule: () => readyRule(undefined, undefined) },
    stopPolicy: { plan: () => stopPlan },
    clock: { now: () => Date.now(), tick: () => performance.now() },
    log,
    newRunId: processes.newRunId,
  });
  return { registry, processes, lifecycle };
}
