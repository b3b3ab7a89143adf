/** Name of an operating system in the files of the editor. */
export type SystemName = 'linux' | 'osx' | 'windows';

/** Returns that name for a value of `process.platform`. */
export function systemName(platform: string): SystemName {
  if (platform === 'win32') return 'windows';
  return platform === 'darwin' ? 'osx' : 'linux';
}
