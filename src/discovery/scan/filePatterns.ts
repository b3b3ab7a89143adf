import { baseName } from '../files/relativePath.js';

interface Pattern {
  /** The end of a path, or a pattern for it where there are stars. */
  readonly end: string | RegExp;
  /** How many parts of a path it names. */
  readonly depth: number;
}

/** Tells whether a path ends like one of some patterns, such as `Procfile.*` or `.vscode/tasks.json`. */
export class FilePatterns {
  /** Those without stars, by the name of their file, since nearly all are. */
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

  /** Names of the files that patterns without stars name. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  get hasStars(): boolean {
    return this.#others.length > 0;
  }

  /** The folder that a path belongs to by its pattern: `apps/web` for `apps/web/.vscode/tasks.json`. */
  baseFolder(path: string): string | undefined {
    const candidates = [...(this.#byName.get(baseName(path)) ?? []), ...this.#others];
    const match = candidates.find(({ end }) => matchesEnd(path, end));
    return match && path.split('/').slice(0, -match.depth).join('/');
  }
}

/** `a.{yml,yaml}` as `a.yml` and `a.yaml`: not everything that takes globs can have braces inside braces. */
export function expandBraces(pattern: string): string[] {
  const { before, choices, after } =
    /^(?<before>[^{}]*)\{(?<choices>[^{}]*)\}(?<after>.*)$/su.exec(pattern)?.groups ?? {};
  if (before === undefined || choices === undefined || after === undefined) return [pattern];
  return choices.split(',').flatMap((choice) => expandBraces(`${before}${choice}${after}`));
}

function matchesEnd(path: string, end: string | RegExp): boolean {
  return typeof end === 'string' ? path === end || path.endsWith(`/${end}`) : end.test(path);
}

function globExpression(pattern: string): RegExp {
  return new RegExp(`(?:^|/)${pattern.split('*').map(escapeRegExp).join('[^/]*')}$`, 'u');
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.$^+?()[\]{}|\\]/gu, String.raw`\$&`);
}
