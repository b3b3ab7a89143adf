import { Uri, workspace } from 'vscode';
import { ServerError } from '../core/errors.js';
import type { Admission, StopPolicy, Translator } from '../core/ports.js';

const section = 'devServers';

/** A number of the settings; one of a wrong type or outside its range counts as not set. */
function numberSetting(
  name: string,
  scope: Uri | undefined,
  fallback: number,
  least: number,
  most: number,
): number {
  const value: unknown = workspace.getConfiguration(section, scope).get(name);
  return typeof value === 'number' && value >= least && value <= most ? value : fallback;
}

/** What `devServers.servers` holds for a folder, unchecked. */
export function configuredServers(folder: Uri): unknown {
  return workspace.getConfiguration(section, folder).get('servers');
}

/** Whether a server's terminal comes to the front when the user starts it. */
export function showsTerminalOnStart(): boolean {
  return workspace.getConfiguration(section).get<unknown>('showTerminalOnStart') !== false;
}

/** `devServers.stopTimeout`, which is in seconds. */
export const stopPolicy: StopPolicy = {
  graceMs: ({ cwd }) => numberSetting('stopTimeout', Uri.file(cwd), 5, 0, 600) * 1000,
};

/** Nothing of a workspace is executed before the user trusts it, and no more servers run than the settings allow. */
export function admission(l10n: Translator): Admission {
  return {
    admit: ({ name }, running) => {
      if (!workspace.isTrusted) {
        const message = l10n.t('{0} was not started: this workspace is not trusted.', name);
        return Promise.reject(new ServerError('untrusted', message));
      }
      const most = numberSetting('maxServers', undefined, 20, 1, 1000);
      if (running < most) return Promise.resolve();
      const message = l10n.t(
        '{0} was not started: {1} servers run already (devServers.maxServers).',
        name,
        running,
      );
      return Promise.reject(new ServerError('limit', message));
    },
  };
}
