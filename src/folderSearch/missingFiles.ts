import * as paths from 'node:path';
import { relativeInside } from '../core/paths.js';
import { isObject } from '../discovery/files/isObject.js';
import { maxFileBytes } from '../discovery/files/limits.js';
import { isPresent } from '../host/system/boundedReads.js';
import { readNamedFile } from '../host/system/readTextFile.js';

/** Files that a server may need, that are in no repository, and that a folder does not have. */
export interface MissingFiles {
  readonly kind: 'packages' | 'variables';
  readonly text: string;
  readonly advice: string;
}

/** Returns what the folder of a server lacks; `root` is the top folder of the project. */
export async function missingFiles(folder: string, root: string): Promise<readonly MissingFiles[]> {
  return (await Promise.all([missingPackages(folder, root), missingVariables(folder)])).flat();
}

async function missingPackages(folder: string, root: string): Promise<readonly MissingFiles[]> {
  if (!(await hasDependencies(folder))) return [];
  for (let path = folder; ; path = paths.dirname(path)) {
    if (await isPresent(paths.join(path, 'node_modules'))) return [];
    // Yarn can keep packages in one file instead.
    if (await isPresent(paths.join(path, '.pnp.cjs'))) return [];
    if (relativeInside(root, path, paths) === undefined || path === root || paths.dirname(path) === path)
      break;
  }
  return [
    {
      kind: 'packages',
      text: `The packages of ${folder} are not installed: there is no node_modules.`,
      advice: 'Install them there, for example with: npm install. A new git worktree has no packages.',
    },
  ];
}

async function missingVariables(folder: string): Promise<readonly MissingFiles[]> {
  if (await isPresent(paths.join(folder, '.env'))) return [];
  for (const name of ['.env.example', '.env.sample']) {
    if (!(await isPresent(paths.join(folder, name)))) continue;
    const advice = `If the server needs it, copy ${name} or the file of another checkout.`;
    return [{ kind: 'variables', text: `${folder} has ${name}, but no .env.`, advice }];
  }
  return [];
}

async function hasDependencies(folder: string): Promise<boolean> {
  try {
    const file = await readNamedFile(paths.join(folder, 'package.json'), maxFileBytes);
    const content: unknown = file.kind === 'text' ? JSON.parse(file.text) : undefined;
    if (!isObject(content)) return false;
    return ['dependencies', 'devDependencies'].some(
      (field) => isObject(content[field]) && Object.keys(content[field]).length > 0,
    );
  } catch {
    return false;
  }
}
