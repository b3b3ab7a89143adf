import { delimiter } from 'node:path';
import { l10n, type ExtensionContext } from 'vscode';
import type { Logger } from '../core/common.js';
import { commandFolder, mcpPaths } from './mcpPaths.js';

/**
 * Puts `devservers` at the end of the PATH in the editor's terminals, and tells it how to find this editor's windows.
 * Terminals that are already open get it when they are relaunched.
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
