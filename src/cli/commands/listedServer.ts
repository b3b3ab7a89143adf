import * as paths from 'node:path';
import { relativeInside } from '../../core/paths.js';
import { fullTitle, type ServerDefinition } from '../../core/server/definition.js';
import { commandLine, wordsLine } from '../folder/commandLine.js';
import type { WindowServer } from '../windows/listedServers.js';
import type { HostedServer } from '../windows/serverHosts.js';

/** A server in JSON output. `cwd` and `file` are relative to the listed folder, with `/`. */
export interface ListedServer {
  readonly id: string;
  readonly name: string;
  readonly command: string;
  readonly cwd: string;
  readonly source: string;
  readonly file: string | undefined;
  readonly isMain: boolean;
  readonly state: string;
  readonly url: string | null;
  readonly urls: readonly string[];
  readonly pid: number | null;
  readonly startedBy: string | null;
}

/** Returns a server that the files of the folder document, with its state from a window. */
export function definitionRow(
  definition: ServerDefinition,
  folder: string,
  inWindow: ListedServer | undefined,
): ListedServer {
  const { state = 'stopped', url = null, urls = [], pid = null, startedBy = null } = inWindow ?? {};
  return {
    id: definition.id,
    name: fullTitle(definition),
    command: commandLine(definition.command),
    cwd: relativePath(folder, definition.cwd),
    source: definition.source,
    file: definition.file,
    isMain: definition.isMain === true,
    state,
    url,
    urls,
    pid,
    startedBy,
  };
}

/**
 * Returns the servers of the folder, whose resolved path is `real`. Windows of earlier versions do not report `source`.
 */
export function windowRows(
  servers: readonly HostedServer[],
  folder: string,
  real: string,
): readonly ListedServer[] {
  const roots = [...new Set([folder, real])];
  return servers
    .filter((server) => belongsTo(server, roots))
    .map((server) => windowRow(server, roots.find((root) => isInside(root, server.folder)) ?? folder));
}

/** A server that runs outside all folders of its window belongs to each of these folders. */
function belongsTo({ folder, window }: HostedServer, roots: readonly string[]): boolean {
  if (roots.some((root) => isInside(root, folder))) return true;
  const { folders } = window;
  return roots.some((root) => folders.includes(root)) && !folders.some((each) => isInside(each, folder));
}

function windowRow(server: HostedServer, root: string): ListedServer {
  const { id, name, command, argv, folder, source = '', isMain = false, state } = server;
  const { url = null, otherUrls = [], pid = null, startedBy = null } = server;
  return {
    id,
    name,
    command: argv ? wordsLine(argv) : command,
    cwd: relativePath(root, folder),
    source,
    file: fileOf(server, root),
    isMain,
    state,
    url,
    urls: url === null ? [] : [url, ...otherUrls],
    pid,
    startedBy,
  };
}

/** The file is relative to the folder of the window, which may be above the listed one. */
function fileOf({ file, folder, window }: WindowServer & Pick<HostedServer, 'window'>, root: string) {
  const [base] = window.folders
    .filter((each) => isInside(each, folder))
    .toSorted((one, other) => other.length - one.length);
  if (file === undefined || base === undefined || base === root) return file;
  return relativePath(root, paths.join(base, file));
}

function isInside(folder: string, path: string): boolean {
  return relativeInside(folder, path, paths) !== undefined;
}

function relativePath(folder: string, path: string): string {
  const relative = paths.relative(folder, path).replaceAll('\\', '/');
  return relative === '' ? '.' : relative;
}
