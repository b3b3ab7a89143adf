/** Unique for the lifetime of a window: workspace folder, package folder and script, e.g. `shop/apps/web:dev`. */
export type ServerId = string;

/** Parts of a server's identity. Without a folder, the id alone counts. */
export interface ServerIdentity {
  readonly id: ServerId;
  readonly folder?: string;
  readonly cwd: string;
}

/**
 * Returns the part of an id that is the same in every window. The folder's name is not the same: a window renames
 * folders with equal names, and a workspace file may give a folder any name. Together with `cwd` the key identifies a
 * server on this machine.
 */
export function serverKey({ id, folder }: ServerIdentity): string {
  return folder !== undefined && id.startsWith(folder) ? id.slice(folder.length) : id;
}

/** Returns whether both are the same server, whichever windows they come from. */
export function isSameServer(one: ServerIdentity, other: ServerIdentity): boolean {
  return one.cwd === other.cwd && serverKey(one) === serverKey(other);
}

/** A server's identity as start requests and ledger records hold it. */
export interface RecordedServer {
  readonly serverId: ServerId;
  readonly folder?: string | undefined;
  readonly cwd: string;
}

export function identityOf({ serverId: id, folder, cwd }: RecordedServer): ServerIdentity {
  return { id, cwd, ...(folder !== undefined && { folder }) };
}

/** Returns the id without the workspace folder, as users write it for a server of the same folder. */
export function shortId(id: ServerId): string {
  return id.replace(/^[^/:]*[/:]/, '');
}
