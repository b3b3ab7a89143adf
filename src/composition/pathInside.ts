import * as paths from 'node:path';
import type { WorkspaceFolder } from 'vscode';
import { relativeInside } from '../core/paths.js';

/** Returns the absolute path of a folder given relative to a workspace folder; `undefined` outside of it. */
export function pathInside({ uri }: WorkspaceFolder, relative: string): string | undefined {
  const path = paths.resolve(uri.fsPath, relative);
  return relativeInside(uri.fsPath, path, paths) === undefined ? undefined : path;
}
