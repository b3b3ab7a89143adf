import type { ServerId } from '../../core/server/identity.js';

/** Returns the full id of a server that is configured in a folder. */
export function qualifiedId(folder: string, shortId: string): ServerId {
  return `${folder}:${shortId}`;
}

/**
 * Returns the full id of a known server: `db` and `web:dev` belong to the folder itself, `apps/web:dev` to a package in
 * it, and a full id to any folder. `undefined` for an unknown server.
 */
export function resolveId(
  folder: string,
  shortId: string,
  known: ReadonlySet<ServerId>,
): ServerId | undefined {
  return [qualifiedId(folder, shortId), `${folder}/${shortId}`, shortId].find((id) => known.has(id));
}

/** Returns the id that the files of its folder use for a server, regardless of the name of the folder. */
export function unqualifiedId(folder: string, id: ServerId): string {
  const isOwn = id.startsWith(`${folder}:`) || id.startsWith(`${folder}/`);
  return isOwn ? id.slice(folder.length + 1) : id;
}
