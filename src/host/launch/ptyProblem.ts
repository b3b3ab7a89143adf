/**
 * Returns why node-pty could not be loaded, for the user, from the message of its error. `onMusl` says that this system has
 * the C library of Alpine Linux, for which node-pty has no binary.
 */
export function ptyProblem(message: string, onMusl: boolean): string {
  if (onMusl) return 'it has no binary for musl, the C library of Alpine Linux';
  return (message.split('\n', 1)[0] ?? '')
    .replace(/^Failed to load native module: .*?, checked: [^:]*: (?:Error: )?/, '')
    .replace(/^.*\.node: /, '')
    .replace(/ \(needed by .*\)$/, '');
}

/** Returns whether this is a Linux without glibc. Takes some milliseconds. */
export function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}
