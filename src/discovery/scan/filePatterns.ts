import { escapeRegExp } from '../../core/escapeRegExp.js';
import { baseName, folderOf } from '../files/relativePath.js';

interface Pattern {
  /** The end of a path, or an expression for it if the pattern has wildcards. */
  readonly end: string | RegExp;
  /** Number of path segments of the pattern. */
  readonly depth: number;
}

/** Matches the ends of paths against patterns such as `Procfile.*` or `.vscode/tasks.json`. */
export class FilePatterns {
  /** Patterns without wildcards by file name, since nearly all are. */
  readonly #byName = new Map<string, Pattern[]>();
  readonly #others: Pattern[] = [];

  constructor(patterns: readonly string[]) {
    for (const path of patterns.flatMap(expandBraces)) {
      const depth = path.split('/').length;
      if (path.includes('*')) this.#others.push({ end: globExpression(path), depth });
      else
        this.#byName.set(baseName(path), [...(this.#byName.get(baseName(path)) ?? []), { end: path, depth }]);
    }
  }

  /** File names of the patterns without wildcards. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  get hasStars(): boolean {
    return this.#others.length > 0;
  }

  /** Returns the folder above the part of a path that matches: `apps/web` for `apps/web/.vscode/tasks.json`. */
  baseFolder(path: string): string | undefined {
    const candidates = [...(this.#byName.get(baseName(path)) ?? []), ...this.#others];
    // A file may match several patterns; the longest one counts.
    const depths = candidates.filter(({ end }) => matchesEnd(path, end)).map(({ depth }) => depth);
    return depths.length === 0 ? undefined : ancestorAt(path, Math.max(...depths));
  }
}

/** Expands `a.{yml,yaml}` to `a.yml` and `a.yaml`: the editor does not support nested braces everywhere. */
export function expandBraces(pattern: string): string[] {
  const { before, choices, after } =
    /^(?<before>[^{}]*)\{(?<choices>[^{}]*)\}(?<after>.*)$/su.exec(pattern)?.groups ?? {};
  if (before === undefined || choices === undefined || after === undefined) return [pattern];
  return choices.split(',').flatMap((choice) => expandBraces(`${before}${choice}${after}`));
}

/** Returns the path without its last parts. */
function ancestorAt(path: string, depth: number): string {
  let folder = path;
  for (let left = depth; left > 0; left -= 1) folder = folderOf(folder);
  return folder;
}

function matchesEnd(path: string, end: string | RegExp): boolean {
  return typeof end === 'string' ? path === end || path.endsWith(`/${end}`) : end.test(path);
}

function globExpression(pattern: string): RegExp {
  return new RegExp(`(?:^|/)${pattern.split('*').map(escapeRegExp).join('[^/]*')}$`, 'u');
}
