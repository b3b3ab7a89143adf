/** Names a server for as long as its window lives: workspace folder, package folder and script, e.g. `shop/apps/web:dev`. */
export type ServerId = string;

/** What the identity of a server is made of. Where no folder is known, the id alone counts. */
export interface ServerIdentity {
  readonly id: ServerId;
  readonly folder?: string;
  readonly cwd: string;
}

/**
 * The part of an id that is the same in every window. The name of a folder is not: two of a window that are called the same
 * get different ones, and a workspace file may call a folder as it likes. Together with `cwd` it names a server on this
 * machine.
 */
export function serverKey({ id, folder }: ServerIdentity): string {
  return folder !== undefined && id.startsWith(folder) ? id.slice(folder.length) : id;
}

/** Whether both are one server, whatever windows they are seen from. */
export function isSameServer(one: ServerIdentity, other: ServerIdentity): boolean {
  return one.cwd === other.cwd && serverKey(one) === serverKey(other);
}

/** What starts and records hold of a server's identity. */
export interface RecordedServer {
  readonly serverId: ServerId;
  readonly folder?: string | undefined;
  readonly cwd: string;
}

export function identityOf({ serverId: id, folder, cwd }: RecordedServer): ServerIdentity {
  return { id, cwd, ...(folder !== undefined && { folder }) };
}

/** The id without the workspace folder, as people write it where they mean a server of the same folder. */
export function shortId(id: ServerId): string {
  return id.replace(/^[^/:]*[/:]/, '');
}
