import type { StartRequest, InheritedEnvironment } from './processHost.js';
import type { ServerDefinition } from '../server/definition.js';
import type { RunId } from '../server/state.js';
import type { ReadyRule } from '../readiness/readyRule.js';
import type { StopPolicy } from './stopGrace.js';

/** Settings that apply to starts. */
export interface StartPolicies {
  readonly readyPolicy: ReadyPolicy;
  readonly stopPolicy: StopPolicy;
  /** Without it servers inherit the editor's environment unchanged. */
  readonly environmentPolicy?: EnvironmentPolicy;
}

/** Builds the request that starts a server as it is defined now. */
export function startRequest(
  runId: RunId,
  definition: ServerDefinition,
  { readyPolicy, stopPolicy, environmentPolicy }: StartPolicies,
): StartRequest {
  const { id: serverId, folder, command, cwd, env, envFiles, port } = definition;
  const environment = environmentPolicy?.of(definition);
  const ready = readyPolicy.rule(definition);
  return {
    runId,
    serverId,
    folder,
    command,
    cwd,
    env,
    port,
    ready,
    stop: stopPolicy.plan(definition),
    ...(envFiles && { envFiles }),
    ...(environment && { environment }),
  };
}

/** Settings that decide when a server is ready. */
export interface ReadyPolicy {
  rule(definition: ServerDefinition): ReadyRule;
}

export interface EnvironmentPolicy {
  of(definition: ServerDefinition): InheritedEnvironment;
}
