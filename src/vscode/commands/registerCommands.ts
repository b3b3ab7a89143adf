import { commands, type Disposable } from 'vscode';
import type { TreeElement } from '../tree/serverTree.js';
import { commandIds, type CommandTarget, type RunCommand } from './commandIds.js';

/** Registers every command of the manifest. */
export function registerCommands(run: RunCommand): Disposable[] {
  return commandIds.map((id) =>
    commands.registerCommand(id, (target: CommandTarget, selected?: readonly TreeElement[]) =>
      run(id, target, selected),
    ),
  );
}
