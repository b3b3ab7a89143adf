/** The other package that a command selects, if it selects only one. */
interface PackageSelection {
  readonly packageName?: string;
  /** Path of its folder as written in the command; npm accepts a path or a name. */
  readonly packagePath?: string;
}

/** A script that a command of a package manager runs. */
export interface PackageRun extends PackageSelection {
  /** Name of the script; for managers that run scripts and programs alike, possibly of a program. */
  readonly script: string;
  /** Arguments after it. */
  readonly args: readonly string[];
  /** Whether it belongs to another package, or to several. */
  readonly isOtherPackage: boolean;
}

const managers: ReadonlySet<string> = new Set(['npm', 'pnpm', 'pn', 'yarn', 'bun', 'deno', 'rushx']);

/** Options with a separate value that select another package. */
const otherPackageOptions: ReadonlySet<string> = new Set(
  '-w --workspace --prefix -C --dir --cwd -F --filter --filter-prod'.split(' '),
);
/** Options that name the folder of the other package. */
const folderOptions: ReadonlySet<string> = new Set('--prefix -C --dir --cwd'.split(' '));
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
  // `rushx run` runs a script of that name.
  const isRun = runCommands.has(rest[0] ?? '') && program !== 'rushx';
  const [script, ...args] = isRun ? rest.slice(1) : shorthand(program, rest);
  if (script === undefined) return undefined;
  return { script, args, isOtherPackage, ...selected(program, managerArgs) };
}

/**
 * Returns the package that the value of an option selects; none for a pattern, or for a package with its dependencies.
 */
export function packageNamed(value: string): PackageSelection {
  if (value.includes('...')) return {};
  if (/^(?:@[\w.-]+\/)?\w[\w.-]*$/u.test(value)) return { packageName: value };
  const path = /^\{([\w./-]+)\}$|^(\.\/[\w./-]+)$/u.exec(value);
  return path ? { packagePath: path[1] ?? path[2] ?? '' } : {};
}

/** Returns the package that the options of a command select, if it is only one. */
function selected(program: string, managerArgs: readonly string[]): PackageSelection {
  const args = beforeEnd(managerArgs);
  const short = program === 'pnpm' ? '-F' : '-w';
  const values = valuesOf(args, new Set([short, '--filter', '--workspace']));
  const folders = valuesOf(args, folderOptions);
  // A package that is selected from another folder is not resolved.
  if (values.length + folders.length !== 1) return {};
  const [value] = values;
  if (value === undefined) return { packagePath: folders[0] ?? '.' };
  const isPath = program === 'npm' && /^[\w./-]+$/u.test(value);
  return { ...packageNamed(value), ...(isPath && { packagePath: value }) };
}

/** Returns the arguments before `--`. */
export function beforeEnd(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

function valuesOf(args: readonly string[], options: ReadonlySet<string>): string[] {
  return args.flatMap((arg, index) => {
    const [name = '', value] = arg.split('=');
    return options.has(name) ? (value ?? args[index + 1] ?? '') : [];
  });
}

/** Resolves short forms: `yarn dev` for `yarn run dev`; npm has one for `start` only. */
function shorthand(program: string, rest: readonly string[]): readonly string[] {
  const [first = ''] = rest;
  return otherWork.has(first) || (program === 'npm' && first !== 'start') ? [] : rest;
}

/** Removes the options of the package manager; arguments after `--` belong to the script. */
function withoutOptions(
  program: string,
  args: readonly string[],
): { rest: readonly string[]; isOtherPackage: boolean } {
  const ownArgs = beforeEnd(args);
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
