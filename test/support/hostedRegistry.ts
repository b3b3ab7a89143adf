import { Lifecycle } from '../../src/core/lifecycle/lifecycle.js';
import { readyRule } from '../../src/core/readiness/readyRule.js';
import { Registry } from '../../src/core/registry/registry.js';
import type { StartConsent } from '../../src/core/consent/startConsent.js';
import type { ServerDefinition } from '../../src/core/server/definition.js';
import type { StopPlan } from '../../src/core/server/overrides.js';
import { AssignedPorts } from '../../src/core/tcpPorts/assignedPorts.js';
import { english } from '../../src/core/text.js';
import { freePort } from '../../src/host/sockets/tcpPorts.js';
import { HostClient, type HostClientOptions } from '../../src/host/client/hostClient.js';

/** A registry whose servers run in a process host, as `src/composition/services.ts` connects them. */
export interface HostedRegistry {
  readonly registry: Registry;
  readonly processes: HostClient;
  readonly lifecycle: Lifecycle;
}

export interface HostedRegistryOptions extends HostClientOptions {
  readonly stopPlan?: StopPlan;
  readonly consent?: StartConsent;
  /** Returns the port of a server that has another one than it declares. */
  readonly ownPort?: (definition: ServerDefinition) => number | undefined;
}

/** Creates a registry over a process host. Its servers are ready by the usual rule and all stopped by the same plan. */
export function createHostedRegistry({
  stopPlan = { signal: 'SIGTERM', graceMs: 2000 },
  consent,
  ownPort,
  ...options
}: HostedRegistryOptions): HostedRegistry {
  const { log } = options;
  const registry = new Registry({ admission: { admit: () => Promise.resolve() }, log });
  const processes = new HostClient(options);
  const lifecycle = new Lifecycle({
    registry,
    processes,
    ...(consent && { consent }),
    ...(ownPort && {
      assignedPorts: new AssignedPorts({
        registry,
        inspector: processes,
        mode: () => 'useFreePort',
        freePort,
        ownPort,
        clock: { now: () => Date.now() },
        log,
        l10n: english,
      }),
    }),
    readyPolicy: { rule: () => readyRule(undefined, undefined) },
    stopPolicy: { plan: () => stopPlan },
    clock: { now: () => Date.now(), tick: () => performance.now() },
    log,
    newRunId: processes.newRunId,
  });
  return { registry, processes, lifecycle };
}
