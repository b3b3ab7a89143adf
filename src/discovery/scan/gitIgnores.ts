import ignore, { type Ignore } from 'ignore';
import { folderOf } from '../files/relativePath.js';

export const gitIgnoreName = '.gitignore';

/** What the `.gitignore` files of a workspace folder leave out. */
export class GitIgnores {
  readonly #rules: readonly { readonly prefix: string; readonly rules: Ignore }[];

  constructor(files: readonly { readonly path: string; readonly text: string }[]) {
    this.#rules = files.map(({ path, text }) => {
      const folder = folderOf(path);
      return { prefix: folder === '' ? '' : `${folder}/`, rules: ignore().add(text) };
    });
  }

  /** What the editor and agents are told about a project is often kept out of git, and meant all the same. */
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
