/** Path rules of a system. Node's `path` is one of them, and so are its `posix` and `win32`. */
export interface PathRules {
  readonly sep: string;
  isAbsolute(path: string): boolean;
  relative(from: string, to: string): string;
}

/** Returns the name of a folder, of any system, by its absolute path. */
export function folderName(path: string): string {
  return path.replace(/[\\/]{1,9}$/u, '').replace(/^.*[\\/]/u, '');
}

/**
 * Returns `path` relative to `folder`, empty for the folder itself; `undefined` when it lies outside. Both are absolute.
 * Compares texts only: links are not followed.
 */
export function relativeInside(folder: string, path: string, rules: PathRules): string | undefined {
  const relative = rules.relative(folder, path);
  // On Windows a path on another drive stays absolute.
  const isOutside = relative === '..' || relative.startsWith(`..${rules.sep}`) || rules.isAbsolute(relative);
  return isOutside ? undefined : relative;
}
