import { isNamedByUser, packageName, fullTitle, type ServerDefinition } from '../server/definition.js';
import type { GroupIndex } from './groupIndex.js';
import type { ServerGroup } from './groups.js';

/** Label of a server's row, and the name that the label does not contain. */
export interface RowLabel {
  readonly label: string;
  readonly name?: string;
}

/**
 * Returns the label of a server below the row of its group: its name, or its title where the group has another server of
 * this name. A server without such a row, the only one of its package, is labelled by the package: `web`, `apps/web`.
 */
export function rowLabel(definition: ServerDefinition, index: GroupIndex): RowLabel {
  const group = index.groupOfServer(definition.id);
  if (!group || index.hasRow(group) || isNamedByUser(definition) || group.servers.length > 1) {
    return { label: isRepeated(definition, group) ? fullTitle(definition) : definition.name };
  }
  // The row of the workspace folder is above it.
  if (definition.subfolder === '' && index.folders.length > 1) return { label: definition.name };
  const label = packageName(definition);
  const isUnique = index.soleServers.filter((other) => packageName(other) === label).length < 2;
  return { label: isUnique ? label : definition.subfolder || definition.folder, name: definition.name };
}

function isRepeated({ name }: ServerDefinition, group: ServerGroup | undefined): boolean {
  return (group?.servers.filter(({ definition }) => definition.name === name).length ?? 0) > 1;
}
