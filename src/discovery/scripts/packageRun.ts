/** What a package manager is asked to do in a script. */
export interface PackageRun {
  /** The script, or the program for the managers that run both alike. */
  readonly script: string;
  /** Words behind it. */
  readonly args: readonly string[];
  /** Whether the script is one of another package, or of several. */
  readonly isOtherPackage: boolean;
}

const managers: ReadonlySet<string> = new Set(['npm', 'pnpm', 'pn', 'yarn', 'bun', 'deno']);

/** Options whose value is a word of its own; the first ones name another package. */
const otherPackageOptions: ReadonlySet<string> = new Set(
  '-w --workspace --prefix -C --dir --cwd -F --filter --filter-prod'.split(' '),
);
const otherPackageFlags: ReadonlySet<string> = new Set(
  '-ws --workspaces -r --recursive recursive -w --workspace-root --parallel'.split(' '),
);
const runCommands: ReadonlySet<string> = new Set(['run', 'run-script', 'rum', 'urn', 'task']);

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
export function packageRun(program: string, managerArgs: readonly string[]): PackageRun | undefined {
  const { rest, isOtherPackage } = withoutOptions(program, managerArgs);
  if (program === 'yarn' && rest[0] === 'workspace') return runInOtherPackage(rest.slice(2));
  if (program === 'yarn' && rest[0] === 'workspaces')
    return runInOtherPackage(rest.slice(rest.indexOf('run')));
  const [script, ...args] = runCommands.has(rest[0] ?? '') ? rest.slice(1) : shorthand(program, rest);
  return script === undefined ? undefined : { script, args, isOtherPackage };
}

/** `yarn dev` for `yarn run dev`; npm has this for the start alone. */
function shorthand(program: string, rest: readonly string[]): readonly string[] {
  const [first = ''] = rest;
  return otherWork.has(first) || (program === 'npm' && first !== 'start') ? [] : rest;
}

/** The words without the options of the manager; behind `--` they are the script's. */
function withoutOptions(
  program: string,
  args: readonly string[],
): { rest: readonly string[]; isOtherPackage: boolean } {
  const end = args.indexOf('--');
  const ownArgs = end === -1 ? args : args.slice(0, end);
  // `-w` has no value for pnpm, where it means the root of the workspace.
  const hasValue = (arg: string | undefined): boolean =>
    arg !== undefined && otherPackageOptions.has(arg) && !(program === 'pnpm' && arg === '-w');
  const isOtherPackage = ownArgs.some((arg) => {
    const name = arg.split('=')[0] ?? '';
    return otherPackageOptions.has(name) || otherPackageFlags.has(name);
  });
  const rest = ownArgs.filter((arg, index) => !isOption(arg) && !hasValue(ownArgs[index - 1]));
  // A program gets its options as they are.
  const script = rest.findIndex((arg) => !runCommands.has(arg));
  const position = ownArgs.indexOf(rest[script] ?? '');
  return { rest: script === -1 ? rest : [...rest.slice(0, script), ...args.slice(position)], isOtherPackage };
}

function runInOtherPackage(rest: readonly string[]): PackageRun | undefined {
  const [script, ...args] = rest.filter((arg) => !runCommands.has(arg) && !arg.startsWith('-'));
  return script === undefined ? undefined : { script, args, isOtherPackage: true };
}

function isOption(arg: string): boolean {
  return arg.startsWith('-') || otherPackageFlags.has(arg);
}
