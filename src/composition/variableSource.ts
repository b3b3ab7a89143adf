import type { VariableSource } from '../core/lifecycle/resolveVariables.js';
import { folderNamed } from '../vscode/workspace/workspaceFolders.js';

/** Values of this machine and window that variables are replaced with. */
export const variableSource: VariableSource = {
  shell: process.platform === 'win32' ? 'cmd.exe' : '/bin/sh',
  env: (name) => process.env[name],
  workspaceFolder: ({ folder, cwd, worktree }) => worktree?.folder ?? folderNamed(folder)?.uri.fsPath ?? cwd,
};
