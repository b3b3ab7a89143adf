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
    for (const path of patterns.flatMap(withoutBraces)) {
      const depth = path.split('/').length;
      if (path.includes('*')) this.#others.push({ end: expressionOf(path), depth });
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
  baseOf(path: string): string | undefined {
    const candidates = [...(this.#byName.get(baseName(path)) ?? []), ...this.#others];
    const match = candidates.find(({ end }) => endsLike(path, end));
    return match && path.split('/').slice(0, -match.depth).join('/');
  }
}

/** `a.{yml,yaml}` as `a.yml` and `a.yaml`: not everything that takes globs can have braces inside braces. */
export function withoutBraces(pattern: string): string[] {
  const { before, choices, after } =
    /^(?<before>[^{}]*)\{(?<choices>[^{}]*)\}(?<after>.*)$/su.exec(pattern)?.groups ?? {};
  if (before === undefined || choices === undefined || after === undefined) return [pattern];
  return choices.split(',').flatMap((choice) => withoutBraces(`${before}${choice}${after}`));
}

function endsLike(path: string, end: string | RegExp): boolean {
  return typeof end === 'string' ? path === end || path.endsWith(`/${end}`) : end.test(path);
}

function expressionOf(pattern: string): RegExp {
  return new RegExp(`(?:^|/)${pattern.split('*').map(literal).join('[^/]*')}$`, 'u');
}

function literal(text: string): string {
  return text.replaceAll(/[.$^+?()[\]{}|\\]/gu, String.raw`\$&`);
}
