import { Uri, workspace } from 'vscode';
import type { ServerDefinition } from '../../core/server/definition.js';

/** Identity of a server in the state of the workspace. */
export interface StoredIdentity {
  /** URI of the workspace folder. */
  readonly folder: string;
  /** Id without the name of the folder, which may change. */
  readonly id: string;
}

/** Definitions are immutable and queried often. */
const identities = new WeakMap<ServerDefinition, StoredIdentity>();

/** Returns the identity of a server for the state of the workspace. */
export function storedIdentity(definition: ServerDefinition): StoredIdentity {
  const known = identities.get(definition);
  if (known) return known;
  const { folder: name, id, cwd } = definition;
  const folder = workspace.getWorkspaceFolder(Uri.file(cwd))?.uri.toString() ?? name;
  const identity = { folder, id: id.slice(name.length) };
  identities.set(definition, identity);
  return identity;
}

/** Returns the identity as one text. */
export function storedKey(definition: ServerDefinition): string {
  const { folder, id } = storedIdentity(definition);
  return `${folder}\n${id}`;
}
