import type { VariableSource } from '../core/lifecycle/resolveVariables.js';
import { folderNamed } from '../vscode/workspace/folderNames.js';

/** What of this machine and window the values of variables come from. */
export const variableSource: VariableSource = {
  shell: process.platform === 'win32' ? 'cmd.exe' : '/bin/sh',
  env: (name) => process.env[name],
  workspaceFolder: ({ folder, cwd }) => folderNamed(folder)?.uri.fsPath ?? cwd,
};
