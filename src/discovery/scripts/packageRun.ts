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
  const [script, ...args] = runWords.has(rest[0] ?? '') ? rest.slice(1) : shorthand(program, rest);
  return script === undefined ? undefined : { script, args, isElsewhere };
}

/** `yarn dev` for `yarn run dev`; npm has this for the start alone. */
function shorthand(program: string, rest: readonly string[]): readonly string[] {
  const [first = ''] = rest;
  return otherWork.has(first) || (program === 'npm' && first !== 'start') ? [] : rest;
}

/** The words without the options of the manager; behind `--` they are the script's. */
function withoutOptions(
  program: string,
  words: readonly string[],
): { rest: readonly string[]; isElsewhere: boolean } {
  const end = words.indexOf('--');
  const own = end === -1 ? words : words.slice(0, end);
  // `-w` has no value for pnpm, where it means the root of the workspace.
  const hasValue = (word: string | undefined): boolean =>
    word !== undefined && elsewhereOptions.has(word) && !(program === 'pnpm' && word === '-w');
  const isElsewhere = own.some((word) => {
    const name = word.split('=')[0] ?? '';
    return elsewhereOptions.has(name) || elsewhereFlags.has(name);
  });
  const rest = own.filter((word, index) => !isOption(word) && !hasValue(own[index - 1]));
  // A program gets its options as they are.
  const script = rest.findIndex((word) => !runWords.has(word));
  const at = own.indexOf(rest[script] ?? '');
  return { rest: script === -1 ? rest : [...rest.slice(0, script), ...words.slice(at)], isElsewhere };
}

function elsewhere(rest: readonly string[]): PackageRun | undefined {
  const [script, ...args] = rest.filter((word) => !runWords.has(word) && !word.startsWith('-'));
  return script === undefined ? undefined : { script, args, isElsewhere: true };
}

function isOption(word: string): boolean {
  return word.startsWith('-') || elsewhereFlags.has(word);
}
