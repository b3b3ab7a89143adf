import { delimiter } from 'node:path';
import type { RunId } from '../../core/server/state.js';
import type { EnvironmentChanges } from '../../core/commandLine/terminalEnv.js';
import { markerName } from '../system/marker.js';

/** What the editor needs for itself and its servers must not inherit, as its own terminals do not either. */
const editorOnly = /^(?:ELECTRON_|VSCODE_(?!PORTABLE|SHELL_LOGIN)|CHROME_|GDK_PIXBUF_|DEV_SERVER_REGISTRY_)/;

/** What makes the environment of a server, each before what is named after it. */
export interface EnvironmentLayers {
  /** The editor's, or the shell's over it. */
  readonly inherited: NodeJS.ProcessEnv;
  /** What the editor's settings say for its terminals. */
  readonly terminal: EnvironmentChanges;
  /** What the server's files of variables hold, one after the other. */
  readonly files: readonly EnvironmentChanges[];
  /** What is said for the server itself. */
  readonly own: EnvironmentChanges;
}

/** The environment of a server: the inherited one without the editor's own variables, the other layers, then ours. */
export function serverEnvironment(
  { inherited, terminal, files, own }: EnvironmentLayers,
  runId: RunId,
  isWindows = process.platform === 'win32',
): Record<string, string> {
  const variables = new Variables(terminalBase(inherited), isWindows);
  variables.apply(variables.resolved(terminal));
  for (const file of files) variables.apply(file);
  variables.apply(own);
  variables.set(markerName, runId);
  return variables.all;
}

/** Returns the inherited variables without the editor's own, with those that describe the terminal. */
function terminalBase(inherited: NodeJS.ProcessEnv): Record<string, string> {
  const base: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !editorOnly.test(name)) base[name] = value;
  }
  return { ...base, TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'vscode' };
}

/** Variables by name. Windows compares names without case, and a process that got both `Path` and `PATH` would use either. */
class Variables {
  readonly all: Record<string, string>;
  /** By the name in capitals, as it is spelled; only on Windows. */
  readonly #spellings: Map<string, string> | undefined;

  constructor(base: Record<string, string>, isWindows: boolean) {
    this.#spellings = isWindows ? new Map() : undefined;
    this.all = isWindows ? {} : base;
    if (isWindows) this.apply(base);
  }

  set(name: string, value: string): void {
    const spelling = this.#spelling(name);
    this.#spellings?.set(name.toUpperCase(), spelling);
    this.all[spelling] = value;
  }

  apply(changes: EnvironmentChanges): void {
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) this.#delete(name);
      else this.set(name, value);
    }
  }

  /** The changes with `${env:NAME}` replaced by what is there now; by nothing where there is no such variable. */
  resolved(changes: EnvironmentChanges): EnvironmentChanges {
    const resolve = (text: string): string =>
      text.replaceAll(/\$\{env:([^{}]+)\}/g, (_, name: string) => this.#get(name) ?? '');
    return Object.fromEntries(
      Object.entries(changes).map(([name, value]) => [name, value === null ? null : resolve(value)]),
    );
  }

  #get(name: string): string | undefined {
    const spelling = this.#spelling(name);
    return Object.hasOwn(this.all, spelling) ? this.all[spelling] : undefined;
  }

  #delete(name: string): void {
    delete this.all[this.#spelling(name)];
    this.#spellings?.delete(name.toUpperCase());
  }

  /** The spelling that was there first is the system's. */
  #spelling(name: string): string {
    return this.#spellings?.get(name.toUpperCase()) ?? name;
  }
}

/** The folders in which a command is looked for. Windows spells the variable as it likes. */
export function searchPath(env: Readonly<Record<string, string>>): string[] {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH');
  return (name === undefined ? '' : (env[name] ?? '')).split(delimiter).filter((folder) => folder !== '');
}
