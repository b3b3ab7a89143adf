// @ts-check
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromRoot } from '../lib/paths.mjs';

/**
 * Writes a generated file of the repository. With `check` it writes nothing and compares.
 * @param {{ file: string, text: string, check: boolean, script: string }} output `file` and `script` are paths from the repository
 * @returns {Promise<number>} 1 if the check found the file out of date, otherwise 0
 */
export async function writeGenerated({ file, text, check, script }) {
  const path = fromRoot(file);
  if (check) {
    const present = (await readFile(path, 'utf8').catch(() => '')).replaceAll('\r\n', '\n');
    if (present === text) return 0;
    console.error(`${file} is out of date: run "node ${script}" and commit the result.`);
    return 1;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return 0;
}
