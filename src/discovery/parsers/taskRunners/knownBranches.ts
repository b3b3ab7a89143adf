/** A condition that compares two texts, which may hold the values of parameters. */
const comparison =
  /^(?:el)?if \[\[? ["']?([\w.-]{0,100})["']? ={1,2} ["']?([\w.-]{0,100})["']? \]\]?; then$/u;

/** What happens to the lines of a branch. In `done`, an earlier branch of its `if` has run. */
type Branch = 'runs' | 'skipped' | 'done' | 'unknown';

/** Returns the lines of a shell without the branches that do not run, and without the conditions that are known. */
export function withoutOtherBranches(lines: readonly string[]): string[] {
  const open: Branch[] = [];
  /** Whether the lines of the `if` at a depth are kept as they are. */
  const isKept: boolean[] = [];
  return lines.flatMap((line) => {
    const keyword = /^(?:if|elif|else|fi)\b(?!.*;\s*fi$)/u.exec(line)?.[0];
    if (keyword === undefined) return open.every(mayRun) ? line : [];
    const before = keyword === 'if' ? 'skipped' : (open.pop() ?? 'unknown');
    const wasKept = keyword === 'if' ? false : (isKept.pop() ?? true);
    const isHidden = !open.every(mayRun);
    if (keyword === 'fi') return wasKept && !isHidden ? line : [];
    const branch = nextBranch(before, line, keyword);
    open.push(branch);
    isKept.push(wasKept || branch === 'unknown');
    if (isHidden || branch !== 'unknown') return [];
    return wasKept ? line : line.replace(/^elif\b/u, 'if');
  });
}

function mayRun(branch: Branch): boolean {
  return branch === 'runs' || branch === 'unknown';
}

function nextBranch(before: Branch, line: string, keyword: string): Branch {
  if (before === 'runs' || before === 'done') return 'done';
  if (before === 'unknown') return 'unknown';
  if (keyword === 'else') return 'runs';
  const [whole, left, right] = comparison.exec(line) ?? [];
  if (whole === undefined) return 'unknown';
  return left === right ? 'runs' : 'skipped';
}
