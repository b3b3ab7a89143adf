import type { ServerId } from '../../core/server/identity.js';

/** The id of a server that a person has written for a folder. */
export function qualifiedId(folder: string, shortId: string): ServerId {
  return `${folder}:${shortId}`;
}

/**
 * The id of a known server that a person means: `db` and `web:dev` of the folder's own, `apps/web:dev` of a package in
 * it, or a whole one of whatever folder. `undefined` when there is none.
 */
export function resolveId(
  folder: string,
  shortId: string,
  known: ReadonlySet<ServerId>,
): ServerId | undefined {
  return [qualifiedId(folder, shortId), `${folder}/${shortId}`, shortId].find((id) => known.has(id));
}

/** How a person writes the id of a server in the files of its folder, where the folder may have any name. */
export function unqualifiedId(folder: string, id: ServerId): string {
  const isOwn = id.startsWith(`${folder}:`) || id.startsWith(`${folder}/`);
  return isOwn ? id.slice(folder.length + 1) : id;
}
