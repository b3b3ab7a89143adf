/** What a package manager is asked to do in a script. */
export interface PackageRun {
  /** The script, or the program for the managers that run both alike. */
  readonly script: string;
  /** Words behind it. */
  readonly args: readonly string[];
  /** Whether the script is one of another package, or of several. */
  readonly isElsewhere: boolean;
}

const managers: ReadonlySet<string> = new Set(['npm', 'pnpm', 'pn', 'yarn', 'bun', 'deno']);

/** Options whose value is a word of its own; the first ones name another package. */
const elsewhereOptions: ReadonlySet<string> = new Set(
  '-w --workspace --prefix -C --dir --cwd -F --filter --filter-prod'.split(' '),
);
const elsewhereFlags: ReadonlySet<string> = new Set(
  '-ws --workspaces -r --recursive recursive -w --workspace-root --parallel'.split(' '),
);
const runWords: ReadonlySet<string> = new Set(['run', 'run-script', 'rum', 'urn', 'task']);

/** What a package manager does besides running scripts and programs. */
const otherWork: ReadonlySet<string> = new Set(
  'add audit ci config i install link outdated pack prune publish rebuild remove self set t test unlink up update upgrade version why'.split(
    ' ',
  ),
);

export function isPackageManager(program: string): boolean {
  return managers.has(program);
}

/** What a package manager runs when it is given these words; `undefined` for other work, such as an install. */
export function packageRun(program: string, words: readonly string[]): PackageRun | undefined {
  const { rest, isElsewhere } = withoutOptions(program, words);
  if (program === 'yarn' && rest[0] === 'workspace') return elsewhere(rest.slice(2));
  if (program === 'yarn' && rest[0] === 'workspaces') return elsewhere(rest.slice(rest.indexOf('run')));
  const [first = '', second = '', ...others] = rest;
  if (runWords.has(first)) return second === '' ? undefined : { script: second, args: others, isElsewhere };
  if (first === '' || otherWork.has(first) || (program === 'npm' && first !== 'start')) return undefined;
  return { script: first, args: rest.slice(1), isElsewhere };
}

/** The words up to the script, without the options in between; those behind it are left alone. */
function withoutOptions(
  program: string,
  words: readonly string[],
): { rest: readonly string[]; isElsewhere: boolean } {
  const rest: string[] = [];
  let isElsewhere = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') break;
    const name = word.split('=')[0] ?? '';
    // `-w` has no value for pnpm, where it means the root of the workspace.
    const hasValue = elsewhereOptions.has(name) && !(program === 'pnpm' && name === '-w');
    if (hasValue || elsewhereFlags.has(name)) isElsewhere = true;
    if (hasValue && !word.includes('=')) index += 1;
    else if (!hasValue && !elsewhereFlags.has(name) && (rest.length > 1 || !word.startsWith('-')))
      rest.push(word);
  }
  return { rest, isElsewhere };
}

function elsewhere(rest: readonly string[]): PackageRun | undefined {
  const [script, ...args] = rest.filter((word) => !runWords.has(word) && !word.startsWith('-'));
  return script === undefined ? undefined : { script, args, isElsewhere: true };
}
