import { basename } from 'node:path';

/** A shell with arguments that make it read its start-up files and run a command. */
export interface ShellCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * Returns a command by which the user's shell prints its environment, by the Node at `nodePath`: a mark, the value of
 * `NODE_OPTIONS`, and the other variables as JSON between two more marks. Node itself runs without these options, since it
 * may refuse what another Node accepts. An interactive login shell reads all of its start-up files, and version managers use
 * different ones.
 */
export function environmentCommand(
  shell: string,
  nodePath: string,
  mark: string,
  isMacos = process.platform === 'darwin',
): ShellCommand {
  const name = basename(shell);
  if (/^(?:pwsh|powershell)(?:-preview)?$/.test(name)) {
    const program = nodePath.replaceAll("'", "''");
    const script = `''${mark}'' + JSON.stringify(process.env) + ''${mark}''`;
    const options = `'${mark}'; $env:NODE_OPTIONS; $env:NODE_OPTIONS = $null`;
    return { file: shell, args: ['-Login', '-Command', `${options}; & '${program}' -p '${script}'`] };
  }
  // Ends the quotation, adds an escaped quote and starts a new quotation, which all other shells understand.
  const program = nodePath.replaceAll("'", String.raw`'\''`);
  const print = `env -u NODE_OPTIONS '${program}' -p '"${mark}" + JSON.stringify(process.env) + "${mark}"'`;
  if (name === 'nu') {
    const line = `print ${mark}; try { ^printenv NODE_OPTIONS }; ^${print}`;
    return { file: shell, args: ['-i', '-l', '-c', line] };
  }
  const line = `echo ${mark}; printenv NODE_OPTIONS; ${print}`;
  if (name === 'tcsh' || name === 'csh') return { file: shell, args: ['-ic', line] };
  const files = name === 'bash' && !isMacos ? readBashrc : '';
  return { file: shell, args: ['-i', '-l', '-c', files + (beforePrompt[name] ?? '') + line] };
}

/**
 * Reads the start-up file of terminals where the profile does not: bash as a login shell reads its profile alone, and the
 * shells of terminals are login shells only on macOS.
 */
const readBashrc =
  'set -- ~/.bash_profile ~/.bash_login ~/.profile; until [ -r "$1" ] || [ $# = 1 ]; do shift; done; ' +
  'case $(cat "$1" 2>/dev/null) in *bashrc*) ;; *) [ -r ~/.bashrc ] && . ~/.bashrc; esac; ';

/**
 * The hooks that a shell runs before it shows a prompt in a new folder, which direnv and mise use. A shell that runs
 * one command shows no prompt.
 */
const beforePrompt: Readonly<Record<string, string>> = {
  bash: 'cd .; for hook in "${PROMPT_COMMAND[@]}"; do eval "$hook"; done; ',
  zsh: 'cd .; ',
  fish: 'emit fish_prompt; ',
};

/**
 * Parses the output of the command; start-up files may print before and after. Returns `undefined` without a result.
 */
export function parseEnvironment(output: string, mark: string): NodeJS.ProcessEnv | undefined {
  const [, options, json] = output.split(mark);
  if (options === undefined || json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return undefined;
    const variables = Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !shellOnly.has(entry[0]),
    );
    // A line end follows the mark, and one the value; nothing is printed for a missing variable.
    const nodeOptions = /^\r?\n(.*)\r?\n$/s.exec(options)?.[1];
    if (nodeOptions !== undefined) variables.push(['NODE_OPTIONS', nodeOptions]);
    return Object.fromEntries(variables);
  } catch {
    return undefined;
  }
}

/** Parses the output of such a command while it arrives. Searches each part once: startup files may print endlessly. */
export class ShellOutput {
  text = '';
  #marks = 0;
  /** The end of the output, which may be the start of a mark. */
  #end = '';

  constructor(private readonly mark: string) {}

  add(text: string): void {
    this.text += text;
    const pieces = (this.#end + text).split(this.mark);
    this.#marks += pieces.length - 1;
    this.#end = (pieces.at(-1) ?? '').slice(-this.mark.length);
  }

  get isComplete(): boolean {
    return this.#marks >= 3;
  }
}

/** Variables that describe that shell itself. */
export const shellOnly: ReadonlySet<string> = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', 'XDG_RUNTIME_DIR']);
