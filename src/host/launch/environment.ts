import { delimiter } from 'node:path';
import type { RunId } from '../../core/server/state.js';
import type { EnvironmentChanges } from '../../core/commandLine/terminalEnvironment.js';
import { markerName } from '../system/processMarker.js';
import { withoutEditorVariables } from './editorVariables.js';

/** Layers of the environment of a server; each one overrides the layers before it. */
export interface EnvironmentLayers {
  /** The environment of the editor, with that of the shell over it where that is known. */
  readonly inherited: NodeJS.ProcessEnv;
  /** Changes that the editor's settings make for its terminals. */
  readonly terminal: EnvironmentChanges;
  /** Variables of the server's files, one after the other. */
  readonly files: readonly EnvironmentChanges[];
  /** Variables of the server itself. */
  readonly own: EnvironmentChanges;
}

/** Returns the environment of a server: the layers, without the editor's own variables and with the marker of the run. */
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

/** Returns the environment with the changes that the editor's settings make for its terminals. */
export function withTerminalChanges(
  env: NodeJS.ProcessEnv,
  changes: EnvironmentChanges,
  isWindows = process.platform === 'win32',
): NodeJS.ProcessEnv {
  const known = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const variables = new Variables(Object.fromEntries(known), isWindows);
  variables.apply(variables.resolved(changes));
  return variables.all;
}

/** Returns the inherited variables without the editor's own, with those that describe the terminal. */
function terminalBase(inherited: NodeJS.ProcessEnv): Record<string, string> {
  return {
    ...withoutEditorVariables(inherited),
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    TERM_PROGRAM: 'vscode',
  };
}

/** Variables by name. Windows ignores the case of names, and a process with both `Path` and `PATH` would use either. */
class Variables {
  readonly all: Record<string, string>;
  /** Spelling of each name by the name in capitals; on Windows only. */
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

  /** Returns the changes with `${env:NAME}` replaced by the current value, which is empty for a missing variable. */
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

  /** Returns the first spelling of a name, which is the system's. */
  #spelling(name: string): string {
    return this.#spellings?.get(name.toUpperCase()) ?? name;
  }
}

/** Returns the folders of the search path. The case of the variable's name differs on Windows. */
export function searchPath(
  env: Readonly<Record<string, string>>,
  isWindows = process.platform === 'win32',
): string[] {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH');
  const value = name === undefined ? '' : (env[name] ?? '');
  return (isWindows ? windowsFolders(value) : value.split(delimiter)).filter((folder) => folder !== '');
}

/** Splits a path of Windows, where quotation marks may enclose a folder whose name holds a semicolon. */
function windowsFolders(value: string): string[] {
  const folders = value.match(/(?:"[^"]*"|[^";]|")+/g) ?? [];
  return folders.map((folder) => folder.replaceAll('"', ''));
}
