import { delimiter } from 'node:path';
import { l10n, type ExtensionContext } from 'vscode';
import type { Logger } from '../core/common.js';
import { commandFolder, mcpPaths } from './mcpPaths.js';

/**
 * Puts `devservers` on the PATH of the editor's terminals, after what the user has there, and names this editor's windows
 * to it. Terminals that are open already get it when they are started anew.
 */
export function provideTerminalCommand(context: ExtensionContext, log: Logger): void {
  const folder = commandFolder(context);
  const { environmentVariableCollection: variables } = context;
  variables.description = l10n.t('The `devservers` command, which controls the servers of this window');
  variables.append('PATH', `${delimiter}${folder}`);
  variables.replace('DEV_SERVERS_WINDOWS', mcpPaths(context).folder);
  import('./commandScripts.js')
    .then(({ writeCommandScripts }) => writeCommandScripts(folder, context.asAbsolutePath('dist/cli.js')))
    .catch((error: unknown) => log.error('The command devservers could not be written', error));
}
