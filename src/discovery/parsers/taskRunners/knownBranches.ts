/** A condition that compares two texts, which may hold the values of parameters. */
const comparison =
  /^(?:el)?if \[\[? ["']?([\w.-]{0,100})["']? ={1,2} ["']?([\w.-]{0,100})["']? \]\]?; then$/u;

/** What happens to the lines of a branch. In `done`, an earlier branch of its `if` has run. */
type Branch = 'runs' | 'skipped' | 'done' | 'unknown';

/** Returns the lines of a shell without the branches that do not run, and without the conditions that are known. */
export function withoutOtherBranches(lines: readonly string[]): string[] {
  const branches = new Branches();
  return lines.flatMap((line) => {
    const keyword = /^(?:if|elif|else|fi)\b(?!.*;\s*fi$)/u.exec(line)?.[0];
    if (keyword !== undefined) return branches.enter(line, keyword) ?? [];
    return branches.mayRun ? line : [];
  });
}

class Branches {
  /** The open branches, and whether their conditions are kept. */
  readonly #open: { readonly branch: Branch; readonly isKept: boolean }[] = [];

  /** Whether the current lines may run. */
  get mayRun(): boolean {
    return this.#open.every(({ branch }) => branch === 'runs' || branch === 'unknown');
  }

  /** Reads a line with a keyword. Returns what remains of it. */
  enter(line: string, keyword: string): string | undefined {
    const before = keyword === 'if' ? undefined : this.#open.pop();
    const { branch: last, isKept } = before ?? { branch: 'skipped', isKept: false };
    const isReached = this.mayRun;
    const branch = keyword === 'fi' ? last : nextBranch(last, line, keyword);
    const isUnknown = branch === 'unknown';
    if (keyword !== 'fi') this.#open.push({ branch, isKept: isKept || isUnknown });
    if (!isReached) return undefined;
    if (isKept) return line;
    return isUnknown ? line.replace(/^elif\b/u, 'if') : undefined;
  }
}

function nextBranch(before: Branch, line: string, keyword: string): Branch {
  if (before === 'runs' || before === 'done') return 'done';
  if (before === 'unknown') return 'unknown';
  if (keyword === 'else') return 'runs';
  const [whole, left, right] = comparison.exec(line) ?? [];
  if (whole === undefined) return 'unknown';
  return left === right ? 'runs' : 'skipped';
}
