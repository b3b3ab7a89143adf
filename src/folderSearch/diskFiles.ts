import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNeverSearched } from '../discovery/scan/exclusions.js';
import { FilePatterns } from '../discovery/scan/filePatterns.js';
import type { WorkspaceFiles } from '../discovery/files/workspaceFiles.js';
import { fileReads, readFolderNames } from '../host/system/boundedReads.js';
import { readNamedFile } from '../host/system/readTextFile.js';

/** Largest number of folders that are searched. */
const maxFolders = 50_000;

/** Returns the files of a folder on the disk. The search does not follow links. */
export function diskFiles(root: string): WorkspaceFiles {
  return {
    search: async (patterns) => {
      const wanted = new FilePatterns(patterns);
      const files = await filesIn(root);
      return files.filter((path) => wanted.baseFolder(path) !== undefined);
    },
    read: (path, maxBytes) => readNamedFile(join(root, path), maxBytes),
    names: async (path) => new Set(await readFolderNames(join(root, path))),
  };
}

/** Folders that are read together; more would only wait longer for a thread. */
const foldersAtOnce = 8;

/**
 * Returns the paths of all files that are searched, those of the upper folders first. A folder that cannot be read counts
 * as empty.
 */
async function filesIn(root: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [''];
  for (let searched = 0; searched < Math.min(folders.length, maxFolders);) {
    const next = folders.slice(searched, Math.min(searched + foldersAtOnce, maxFolders));
    searched += next.length;
    const listed = await Promise.all(next.map((folder) => entriesOf(join(root, folder))));
    for (const [index, entries] of listed.entries()) {
      const folder = next[index] ?? '';
      for (const entry of entries) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isFile()) files.push(path);
        else if (entry.isDirectory() && !isNeverSearched(`${path}/`)) folders.push(path);
      }
    }
  }
  return files;
}

function entriesOf(path: string): Promise<readonly Dirent[]> {
  return fileReads.run(path, () => readdir(path, { withFileTypes: true })).catch(() => []);
}
