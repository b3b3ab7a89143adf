import * as paths from 'node:path';
import { packageManagerOf } from '../core/commandLine/packageManager.js';
import { relativeInside } from '../core/paths.js';
import type { ServerDefinition } from '../core/server/definition.js';
import { isObject } from '../discovery/files/isObject.js';
import { maxFileBytes } from '../discovery/files/limits.js';
import { isPresent } from '../host/system/boundedReads.js';
import { readNamedFile } from '../host/system/readTextFile.js';

/** Maximum number of packages to look for. */
const maxPackages = 500;

/** Maximum number of packages named in the text. */
const maxNamed = 3;

/** npm's rule for new names, without its length. */
const packageName = /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*$/;

/** Files that a server may need, that are in no repository, and that the folder lacks. */
export interface MissingFiles {
  readonly kind: 'packages' | 'variables';
  readonly text: string;
  readonly advice: string;
}

/** Returns sentences about the files that the folder of a server lacks, with advice. */
export async function missingSentences(definition: ServerDefinition): Promise<readonly string[]> {
  return (await missingForServer(definition)).map(({ text, advice }) => `${text} ${advice}`);
}

/** Returns whether packages that a server needs are not installed. */
export async function lacksPackages(definition: ServerDefinition): Promise<boolean> {
  return (await missingForServer(definition)).some(({ kind }) => kind === 'packages');
}

/** Node looks for packages in all parent folders, but those above a worktree belong to another checkout. */
function missingForServer(definition: ServerDefinition): Promise<readonly MissingFiles[]> {
  const { cwd, worktree } = definition;
  return missingFiles(definition, worktree?.root ?? paths.parse(cwd).root);
}

/** Returns the files that the folder of a server lacks; `root` is the top folder of the project. */
export async function missingFiles(
  server: Pick<ServerDefinition, 'cwd' | 'command'>,
  root: string,
): Promise<readonly MissingFiles[]> {
  return (await Promise.all([missingPackages(server, root), missingVariables(server.cwd)])).flat();
}

async function missingPackages(
  server: Pick<ServerDefinition, 'cwd' | 'command'>,
  root: string,
): Promise<readonly MissingFiles[]> {
  const { cwd: folder } = server;
  const names = await dependenciesOf(folder);
  const folders = foldersUpTo(root, folder);
  // Yarn can keep packages in one file instead.
  if (names.length === 0 || (await isInAny(folders, '.pnp.cjs'))) return [];
  const found = await Promise.all(names.map((name) => isInAny(folders, paths.join('node_modules', name))));
  const missing = names.filter((_, index) => !found[index]);
  if (missing.length === 0) return [];
  const text =
    missing.length === names.length
      ? `The packages of ${folder} are not installed.`
      : `Packages of ${folder} are not installed: ${enumeration(missing)}.`;
  const advice = `Install them there, for example with: ${packageManagerOf(server) ?? 'npm'} install.`;
  return [{ kind: 'packages', text, advice }];
}

function enumeration(names: readonly string[]): string {
  const more = names.length - maxNamed;
  return names.slice(0, maxNamed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Returns the folder and its parents, up to the root. */
function foldersUpTo(root: string, folder: string): readonly string[] {
  const above = paths.dirname(folder);
  const isLast = folder === root || above === folder || relativeInside(root, folder, paths) === undefined;
  return isLast ? [folder] : [folder, ...foldersUpTo(root, above)];
}

async function isInAny(folders: readonly string[], name: string): Promise<boolean> {
  for (const folder of folders) if (await isPresent(paths.join(folder, name))) return true;
  return false;
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

/** Returns the valid names of the packages that package.json requires. */
async function dependenciesOf(folder: string): Promise<readonly string[]> {
  try {
    const file = await readNamedFile(paths.join(folder, 'package.json'), maxFileBytes);
    const content: unknown = file.kind === 'text' ? JSON.parse(file.text) : undefined;
    if (!isObject(content)) return [];
    const names = [content['dependencies'], content['devDependencies']].flatMap((field) =>
      isObject(field) ? Object.keys(field) : [],
    );
    return names.filter((name) => packageName.test(name)).slice(0, maxPackages);
  } catch {
    return [];
  }
}
