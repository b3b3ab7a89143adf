import { declaredPort } from '../tcpPorts/declaredPort.js';
import type { Registry } from '../registry/registry.js';
import type { ServerDefinition } from '../server/definition.js';
import { resolveVariables, type VariableValues } from '../commandLine/variables.js';
import { addressOf } from '../server/stateQueries.js';

/** What of the machine the values of variables come from. */
export interface VariableSource extends Pick<VariableValues, 'shell' | 'env'> {
  /** Absolute path of the workspace folder that a server belongs to. */
  workspaceFolder(definition: ServerDefinition): string;
}

export interface ResolveVariablesDeps {
  readonly registry: Pick<Registry, 'find'>;
  /** Without one, variables stay as they are written. */
  readonly variables?: VariableSource;
}

/** The definition as it is executed now, when the servers that it mentions are ready. Throws `badRequest`. */
export function resolveServerVariables(
  definition: ServerDefinition,
  { registry, variables }: ResolveVariablesDeps,
): ServerDefinition {
  if (!variables) return definition;
  return resolveVariables(definition, {
    shell: variables.shell,
    env: (name) => variables.env(name),
    workspaceFolder: variables.workspaceFolder(definition),
    port: declaredPort(definition),
    addressOf: (id) => {
      const record = registry.find(id);
      return record && addressOf(record.state);
    },
  });
}
