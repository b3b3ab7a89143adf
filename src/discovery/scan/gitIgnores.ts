import ignore, { type Ignore } from 'ignore';
import { folderOf } from '../files/relativePath.js';

export const gitIgnoreName = '.gitignore';

/** Rules of the `.gitignore` files of a workspace folder. */
export class GitIgnores {
  readonly #rules: readonly { readonly prefix: string; readonly rules: Ignore }[];

  constructor(files: readonly { readonly path: string; readonly text: string }[]) {
    this.#rules = files.map(({ path, text }) => {
      const folder = folderOf(path);
      return { prefix: folder === '' ? '' : `${folder}/`, rules: ignore().add(text) };
    });
  }

  /**
   * Returns whether git ignores a path. Settings for the editor and for agents are often ignored by git, but apply
   * nevertheless.
   */
  ignores(path: string): boolean {
    if (/(?:^|\/)\.(?:vscode|claude)\//u.test(path)) return false;
    return this.#rules.some(
      ({ prefix, rules }) => path.startsWith(prefix) && ignores(rules, path.slice(prefix.length)),
    );
  }
}

function ignores(rules: Ignore, path: string): boolean {
  return path !== '' && rules.ignores(path);
}
