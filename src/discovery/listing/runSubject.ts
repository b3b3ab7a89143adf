/** Options that say which program runs, and not how. */
const selectingOptions: ReadonlySet<string> = new Set(
  '--bin -p --package --features --launch-profile -f --file --profile -pl --project'.split(' '),
);

/** Options without a value, after which an argument is what runs. */
const flags: ReadonlySet<string> = new Set(
  '--reload --debug --watch --hot --factory --release --dev -y -q --quiet -v --verbose --build --remove-orphans --inspect --inspect-brk --transpile-only --enable-source-maps'.split(
    ' ',
  ),
);

/** Returns the arguments that say what runs. */
export function subjectOf(tool: string, args: readonly string[]): string[] {
  const subject: string[] = [];
  for (const [index, arg] of args.entries()) {
    const previous = args[index - 1] ?? '';
    const isValue = previous.startsWith('-') && !previous.includes('=') && !flags.has(previous);
    if (arg.startsWith('-') || isOptions(arg) || (isValue && !selects(tool, previous))) continue;
    // An address or a port says where it listens, and not what it is.
    if (!/^[\d.:[\]]*\d[\d.:[\]]*$|^localhost(?::\d+)?$/u.test(arg)) subject.push(normalizedPath(tool, arg));
  }
  return subject;
}

/** Returns whether an argument is a variable for options, which is empty in most cases. */
function isOptions(arg: string): boolean {
  return /^\$[({]?\w*(?:ARG|ARGS|ARGUMENTS|OPTS|OPTIONS|FLAGS)[)}]?$/iu.test(arg);
}

function selects(tool: string, option: string): boolean {
  return selectingOptions.has(option) || /^(?:nox -s|tox -e)$/u.test(`${tool} ${option}`);
}

/** Returns a key by what runs and where. */
export function keyOf(run: string, cwd: string): string {
  return `${run}\0${cwd}`;
}

/** Returns what runs of a key. */
export function runOfKey(key: string): string {
  return key.slice(0, key.indexOf('\0'));
}

/** Returns the folder in which the program of a key runs. */
export function folderOfKey(key: string): string {
  return key.slice(key.indexOf('\0') + 1);
}

/** Names the package of a file of Go, by which it is run as well. */
function normalizedPath(tool: string, arg: string): string {
  const path = arg.replace(/^\.\/(?=.)|(?<=.)\/$/gu, '');
  return tool === 'go' ? path.replace(/(?:^|\/)[\w.-]+\.go$/u, '') || '.' : path;
}
