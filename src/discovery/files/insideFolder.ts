import type { Paths } from './workspaceFiles.js';

/**
 * The absolute form of `path`, seen from `folder`; `undefined` when it lies outside. Decided by the text of the paths:
 * links are not followed.
 */
export function insideFolder(folder: string, path: string, paths: Paths): string | undefined {
  const absolute = paths.resolve(folder, path);
  const relative = paths.relative(folder, absolute);
  // On Windows a path on another drive stays absolute.
  const outside = relative === '..' || relative.startsWith(`..${paths.sep}`) || paths.isAbsolute(relative);
  return outside ? undefined : absolute;
}
