/** A script that a command of a package manager runs. */
export interface PackageRun {
  /** Name of the script, or of a program for managers that run both alike. */
  readonly script: string;
  /** Arguments after it. */
  readonly args: readonly string[];
  /** Whether it belongs to another package, or to several. */
  readonly isOtherPackage: boolean;
  /** Name of the other package, if the command names exactly one. */
  readonly packageName?: string;
}

const managers: ReadonlySet<string> = new Set(['npm', 'pnpm', 'pn', 'yarn', 'bun', 'deno']);

/** Options with a separate value that select another package. */
const otherPackageOptions: ReadonlySet<string> = new Set(
  '-w --workspace --prefix -C --dir --cwd -F --filter --filter-prod'.split(' '),
);
const otherPackageFlags: ReadonlySet<string> = new Set(
  '-ws --workspaces -r --recursive recursive -w --workspace-root --parallel'.split(' '),
);
const runCommands: ReadonlySet<string> = new Set(['run', 'run-script', 'rum', 'urn', 'task']);

/** Commands of package managers besides running scripts and programs. */
const otherWork: ReadonlySet<string> = new Set(
  'add audit ci config i install link outdated pack prune publish rebuild remove self set t test unlink up update upgrade version why'.split(
    ' ',
  ),
);

export function isPackageManager(program: string): boolean {
  return managers.has(program);
}

/** Returns what a package manager runs; `undefined` for other work, such as an install. */
export function packageRun(program: string, managerArgs: readonly string[]): PackageRun | undefined {
  const { rest, isOtherPackage } = withoutOptions(program, managerArgs);
  if (program === 'yarn' && rest[0] === 'workspace') return runInOtherPackage(rest.slice(2), rest[1]);
  if (program === 'yarn' && rest[0] === 'workspaces')
    return runInOtherPackage(rest.slice(rest.indexOf('run')));
  const [script, ...args] = runCommands.has(rest[0] ?? '') ? rest.slice(1) : shorthand(program, rest);
  if (script === undefined) return undefined;
  return { script, args, isOtherPackage, ...named(program === 'pnpm' ? '-F' : '-w', managerArgs) };
}

/** Returns the name of the only package that an option selects; none for a folder, a pattern or several packages. */
function named(shortOption: string, args: readonly string[]): Pick<PackageRun, 'packageName'> {
  const options = new Set([shortOption, '--filter', '--workspace']);
  const values = args.flatMap((arg, index) => {
    const [name = '', value] = arg.split('=');
    return options.has(name) ? (value ?? args[index + 1] ?? '') : [];
  });
  const [packageName = '', ...others] = values;
  return others.length === 0 && /^(?:@[\w.-]+\/)?\w[\w.-]*$/u.test(packageName) ? { packageName } : {};
}

/** Resolves short forms: `yarn dev` for `yarn run dev`; npm has one for `start` only. */
function shorthand(program: string, rest: readonly string[]): readonly string[] {
  const [first = ''] = rest;
  return otherWork.has(first) || (program === 'npm' && first !== 'start') ? [] : rest;
}

/** Removes the options of the manager; arguments after `--` belong to the script. */
function withoutOptions(
  program: string,
  args: readonly string[],
): { rest: readonly string[]; isOtherPackage: boolean } {
  const end = args.indexOf('--');
  const ownArgs = end === -1 ? args : args.slice(0, end);
  // `-w` has no value for pnpm, where it selects the root of the workspace.
  const hasValue = (arg: string | undefined): boolean =>
    arg !== undefined && otherPackageOptions.has(arg) && !(program === 'pnpm' && arg === '-w');
  const isOtherPackage = ownArgs.some((arg) => {
    const name = arg.split('=')[0] ?? '';
    return otherPackageOptions.has(name) || otherPackageFlags.has(name);
  });
  const rest = ownArgs.filter((arg, index) => !isOption(arg) && !hasValue(ownArgs[index - 1]));
  // A program receives its options unchanged.
  const script = rest.findIndex((arg) => !runCommands.has(arg));
  const position = ownArgs.indexOf(rest[script] ?? '');
  return { rest: script === -1 ? rest : [...rest.slice(0, script), ...args.slice(position)], isOtherPackage };
}

function runInOtherPackage(rest: readonly string[], packageName?: string): PackageRun | undefined {
  const [script, ...args] = rest.filter((arg) => !runCommands.has(arg) && !arg.startsWith('-'));
  if (script === undefined) return undefined;
  return { script, args, isOtherPackage: true, ...(packageName !== undefined && { packageName }) };
}

function isOption(arg: string): boolean {
  return arg.startsWith('-') || otherPackageFlags.has(arg);
}
