/** Programs that run a source file, and whose keys contain only that file. */
export const interpreter = /^(?:python|node|ruby|tsx|ts-node|ts-node-dev|tsnd|bun)$/u;

/** Other programs whose first argument may be a source file. */
export const otherInterpreter = /^(?:php|perl|deno|go)$/u;

/** Options that select what runs, and not how it runs. */
const selectingOptions: ReadonlySet<string> = new Set(
  '--bin -p --package --launch-profile -f --file --profile -pl --project'.split(' '),
);

/** Options without a value: the next argument is what runs. */
const flags: ReadonlySet<string> = new Set(
  '--reload --debug --watch --hot --factory --release --dev -y -q --quiet -v --verbose --build --remove-orphans --inspect --inspect-brk --transpile-only --enable-source-maps'.split(
    ' ',
  ),
);

/** Returns the arguments that select what runs. */
export function subjectOf(tool: string, args: readonly string[]): string[] {
  const subject: string[] = [];
  for (const [index, arg] of args.entries()) {
    const previous = args[index - 1] ?? '';
    const isValue = /^--?[^-=][^=]*$/u.test(previous) && !flags.has(previous);
    if (arg.startsWith('-') || isOptions(arg) || (isValue && !selects(tool, previous))) continue;
    // An address or a port says where the program listens, not what it is.
    if (!/^(?=\D*\d)[\d.:[\]]+$|^localhost(?::\d+)?$/u.test(arg)) subject.push(normalizedPath(tool, arg));
  }
  return subject;
}

/** Returns whether an argument is a variable for options, which is usually empty. */
function isOptions(arg: string): boolean {
  return /^\$[({]?\w*(?:ARG|ARGS|ARGUMENTS|OPTS|OPTIONS|FLAGS)[)}]?$/iu.test(arg);
}

function selects(tool: string, option: string): boolean {
  return selectingOptions.has(option) || /^(?:nox -s|tox -e)$/u.test(`${tool} ${option}`);
}

/** Returns the key for what runs and its folder. */
export function keyOf(run: string, cwd: string): string {
  return `${run}\0${cwd}`;
}

/** Returns the part of a key that says what runs. */
export function runOfKey(key: string): string {
  return key.slice(0, key.indexOf('\0'));
}

/** Returns the folder in which the program of a key runs. */
export function folderOfKey(key: string): string {
  return key.slice(key.indexOf('\0') + 1);
}

/** Replaces a Go file with its package, which is another way to run it. */
function normalizedPath(tool: string, arg: string): string {
  const path = arg.replace(/^\.\/(?=.)|(?<=.)\/(?:\.{3})?$/gu, '');
  return tool === 'go' ? path.replace(/(?:^|\/)[\w.-]+\.go$/u, '') || '.' : path;
}
