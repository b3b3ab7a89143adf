import { declaredPort } from '../tcpPorts/declaredPort.js';
import type { Registry } from '../registry/registry.js';
import type { ServerDefinition } from '../server/definition.js';
import { resolveVariables, type VariableValues } from '../commandLine/variables.js';
import { addressOf } from '../server/stateQueries.js';

/** Source of the values that depend on the machine. */
export interface VariableSource extends Pick<VariableValues, 'shell' | 'env'> {
  /** Returns the absolute path of the workspace folder of a server. */
  workspaceFolder(definition: ServerDefinition): string;
}

export interface ResolveVariablesDeps {
  readonly registry: Pick<Registry, 'find'>;
  /** Without it variables are not resolved. */
  readonly variables?: VariableSource;
}

/**
 * Returns the definition with the values that its variables have now. The servers that it refers to must be ready.
 * Throws `badRequest`.
 */
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
