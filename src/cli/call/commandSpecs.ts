/** An option of the command line. With `value` it takes an argument, which the help text calls by that name. */
export interface OptionSpec {
  readonly short?: string;
  readonly value?: string;
  readonly summary: string;
}

/** Every option has the same meaning in all commands that accept it. */
export const optionSpecs = {
  json: { summary: 'print the answer as JSON, for programs' },
  all: { summary: 'also list other ways to start a server, such as tests and production' },
  folder: { short: 'C', value: 'FOLDER', summary: 'project folder; default: the current folder' },
  timeout: { value: 'SECONDS', summary: 'how long to wait until the server is ready; default: 120' },
  follow: { short: 'f', summary: 'keep printing new output until Ctrl+C' },
  lines: { short: 'n', value: 'COUNT', summary: 'maximum number of lines; default: 100' },
  grep: { value: 'TEXT', summary: 'print only lines that contain TEXT or match /EXPRESSION/' },
  kind: {
    value: 'browser',
    summary: 'print only messages from the browser console that the server forwards',
  },
  since: {
    value: 'TIME',
    summary: 'print only runs that began since then (lines have no times): 90s, 5m, 2h, 1d or a date',
  },
  yes: { short: 'y', summary: 'answer yes to questions from agents and other terminals' },
  name: { value: 'NAME', summary: 'name of the server' },
  help: { short: 'h', summary: 'show this help' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export type OptionName = keyof typeof optionSpecs;

/** A command, and the number of names that it takes. */
export interface CommandSpec {
  readonly summary: string;
  readonly names: { readonly label: string; readonly min: number; readonly max: number };
  readonly options: readonly OptionName[];
  readonly details?: string;
}

const none = { label: '', min: 0, max: 0 } as const;
const oneServer = { label: '[NAME]', min: 0, max: 1 } as const;

/** All commands, in the order of the help text. */
export const commandSpecs = {
  list: {
    summary: 'list the servers of a folder and their states',
    names: { label: '[FOLDER]', min: 0, max: 1 },
    options: ['json', 'all', 'folder'],
  },
  start: {
    summary: 'start a server without waiting until it is ready',
    names: oneServer,
    options: ['json', 'folder'],
  },
  ensure: {
    summary: 'start a server unless it is running, wait until it is ready, and print its URL',
    names: oneServer,
    options: ['timeout', 'json', 'folder'],
  },
  stop: { summary: 'stop a server and all of its processes', names: oneServer, options: ['json', 'folder'] },
  restart: {
    summary: 'stop a server, start it again, and wait until it is ready',
    names: oneServer,
    options: ['timeout', 'json', 'folder'],
  },
  wait: {
    summary: 'wait until a server is ready and print its URL, without starting it',
    names: oneServer,
    options: ['timeout', 'json', 'folder'],
  },
  logs: {
    summary: 'print the output of a server',
    names: oneServer,
    options: ['follow', 'lines', 'grep', 'kind', 'since', 'json', 'folder'],
  },
  open: { summary: 'open the URL of a server in the browser', names: oneServer, options: ['json', 'folder'] },
  up: {
    summary: 'run servers in this terminal, without a window, until Ctrl+C',
    names: { label: '[NAME…]', min: 0, max: Infinity },
    options: ['yes', 'json', 'folder'],
    details:
      'Without a name: the servers with "autoStart" in .vscode/dev-servers.json, or else the main ones.\nCtrl+C stops them, with the usual time to shut down; a second Ctrl+C shortens it.\nOther terminals and agents in this folder can use them like the servers of a window.',
  },
  run: {
    summary: 'run a command as a server in this terminal, until Ctrl+C',
    names: { label: '-- COMMAND…', min: 1, max: Infinity },
    options: ['name', 'yes', 'json', 'folder'],
  },
  doctor: {
    summary: 'check what servers need, and say how to fix problems',
    names: none,
    options: ['json', 'folder'],
  },
  mcp: {
    summary: 'serve an agent on standard input and output (Model Context Protocol)',
    names: none,
    options: ['folder'],
    details:
      'MCP clients start it as {"command": "devservers", "args": ["mcp"]}. It uses the window, or the\n"devservers up", that has the folder open.',
  },
  completion: {
    summary: 'print the completion script for a shell',
    names: { label: 'bash|zsh|fish', min: 1, max: 1 },
    options: ['folder'],
    details:
      'For bash: eval "$(devservers completion bash)"\nFor zsh: source <(devservers completion zsh)\nFor fish: devservers completion fish | source',
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type CommandName = keyof typeof commandSpecs;

/** Returns the help text of one command, or of all. */
export function helpText(command: CommandName | undefined): string {
  return command === undefined ? overview() : commandHelp(command);
}

function overview(): string {
  const entries: [string, CommandSpec][] = Object.entries(commandSpecs);
  const rows = entries.map(
    ([name, { names, summary }]) => [`${name} ${names.label}`.trim(), summary] as const,
  );
  return `Usage: devservers COMMAND [OPTIONS]

Controls the development servers of a folder, together with the editor window that has it open.

${table(rows)}
NAME is the id of a server, or a unique shorter name, such as its script or its package.
Run "devservers COMMAND --help" for the options of a command, and "devservers --version" for the version.
`;
}

function commandHelp(command: CommandName): string {
  const { names, summary, options, details }: CommandSpec = commandSpecs[command];
  const rows = [...options, 'help' as const].map((name): readonly [string, string] => {
    const { short, value, summary: text }: OptionSpec = optionSpecs[name];
    return [
      `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
      text,
    ];
  });
  const usage = `Usage: devservers ${command} [OPTIONS] ${names.label}`.trim();
  return `${[usage, `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`, table(rows).trimEnd(), ...(details === undefined ? [] : [details])].join('\n\n')}\n`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([term]) => term.length));
  return rows.map(([term, text]) => `  ${term.padEnd(width)}  ${text}\n`).join('');
}
