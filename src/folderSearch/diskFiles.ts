import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNeverSearched } from '../discovery/scan/exclusions.js';
import { FilePatterns } from '../discovery/scan/filePatterns.js';
import type { WorkspaceFiles } from '../discovery/files/workspaceFiles.js';
import { fileReads, readFolderNames } from '../host/system/boundedReads.js';
import { readNamedFile } from '../host/system/readTextFile.js';

/** Maximum number of folders that are searched. */
const maxFolders = 50_000;

/** Number of folders that are read at the same time; more reads would only wait longer for a thread. */
const foldersAtOnce = 8;

/** Maximum number of slow folders that the search does not wait for: another process may probe each of them. */
const maxSlowFolders = 32;

interface FolderReads {
  /** Returns the entries of a folder; none if it cannot be read. */
  readonly entriesOf: (path: string) => Promise<readonly Dirent[]>;
  /** Time after which a folder counts as slow, milliseconds. */
  readonly slowMs: number;
}

const defaultReads: FolderReads = {
  entriesOf: (path) => fileReads.run(path, () => readdir(path, { withFileTypes: true })).catch(() => []),
  slowMs: 250,
};

/** Returns the files of a folder on the disk. The search does not follow links. */
export function diskFiles(root: string, reads = defaultReads): WorkspaceFiles {
  return {
    search: async (patterns) => {
      const wanted = new FilePatterns(patterns);
      const files = await filesIn(root, reads);
      return files.filter((path) => wanted.baseFolder(path) !== undefined);
    },
    read: (path, maxBytes) => readNamedFile(join(root, path), maxBytes),
    names: async (path) => new Set(await readFolderNames(join(root, path))),
  };
}

/**
 * Returns the paths of all files that are searched, mostly those of the upper folders first. Waits for all folders with
 * silent file systems together, and searches the others meanwhile.
 */
function filesIn(root: string, { entriesOf, slowMs }: FolderReads): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [''];
  const add = (folder: string, entries: readonly Dirent[]): void => {
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && !isNeverSearched(`${path}/`)) folders.push(path);
    }
  };
  let begun = 0;
  /** Pending reads: those that the search waits for, and the slow ones. */
  const [quick, slow] = [new Set<string>(), new Set<string>()];
  return new Promise((resolve) => {
    const read = async (folder: string): Promise<void> => {
      quick.add(folder);
      const slowTimer = setTimeout(() => {
        quick.delete(folder);
        slow.add(folder);
        readOn();
      }, slowMs);
      add(folder, await entriesOf(join(root, folder)));
      clearTimeout(slowTimer);
      quick.delete(folder);
      slow.delete(folder);
      readOn();
    };
    const readOn = (): void => {
      while (begun < Math.min(folders.length, maxFolders)) {
        if (quick.size >= foldersAtOnce || slow.size >= maxSlowFolders) return;
        void read(folders[begun++] ?? '');
      }
      if (quick.size + slow.size === 0) resolve(files);
    };
    readOn();
  });
}
