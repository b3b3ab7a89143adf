import { delimiter } from 'node:path';
import type { RunId } from '../core/serverState.js';

/** Carries the run's id into every process of a server, so that even one that left its session is found. */
export const markerName = 'DEV_SERVER_REGISTRY_ID';

/** What the editor needs for itself and its servers must not inherit, as its own terminals do not either. */
const editorOnly = /^(?:ELECTRON_|VSCODE_(?!PORTABLE|SHELL_LOGIN)|CHROME_|GDK_PIXBUF_|DEV_SERVER_REGISTRY_)/;

/** The environment of a server: the editor's without its own variables, then the server's, then ours. */
export function serverEnvironment(
  editor: NodeJS.ProcessEnv,
  added: Readonly<Record<string, string>>,
  runId: RunId,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(editor)) {
    if (value !== undefined && !editorOnly.test(name)) env[name] = value;
  }
  return {
    ...env,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    TERM_PROGRAM: 'vscode',
    ...added,
    [markerName]: runId,
  };
}

/** The folders in which a command is looked for. Windows spells the variable as it likes. */
export function searchPath(env: Readonly<Record<string, string>>): string[] {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH');
  return (name === undefined ? '' : (env[name] ?? '')).split(delimiter).filter((folder) => folder !== '');
}
