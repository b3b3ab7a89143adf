import { commands, type Disposable } from 'vscode';
import { commandIds, type CommandTarget, type RunCommand } from './commandIds.js';

/** Registers every command of the manifest. */
export function registerCommands(run: RunCommand): Disposable[] {
  return commandIds.map((id) => commands.registerCommand(id, (target: CommandTarget) => run(id, target)));
}
