import { commands, type Disposable } from 'vscode';
import type { Translator } from '../../core/common.js';
import { showStatus } from '../display/messages.js';
import type { TreeElement } from '../tree/serverTree.js';
import {
  commandIds,
  rowCommandIds,
  type CommandId,
  type CommandTarget,
  type RunCommand,
} from './commandIds.js';

/**
 * Registers every command of the manifest. While the editor refreshes a row it forgets the rows below it, and a click
 * in the menu of one of these arrives with `undefined` in place of the row. The palette passes no arguments at all, and
 * the command then asks for a server. After such a click it must not: the user has chosen a server, and is asked to
 * click again.
 */
export function registerCommands(run: RunCommand, l10n: Translator): Disposable[] {
  let request: Disposable | undefined;
  return commandIds.map((id) =>
    commands.registerCommand(id, (...passed: readonly unknown[]) => {
      request?.dispose();
      if (isForgottenRow(id, passed)) {
        request = showStatus(l10n.t('The list has just been updated. Click again.'));
        return undefined;
      }
      const [target, selected] = passed as [CommandTarget, (readonly (TreeElement | undefined)[])?];
      return run(
        id,
        target,
        selected?.filter((row) => row !== undefined),
      );
    }),
  );
}

function isForgottenRow(id: CommandId, passed: readonly unknown[]): boolean {
  return rowCommandIds.has(id) && passed.length > 0 && (passed[0] ?? undefined) === undefined;
}
