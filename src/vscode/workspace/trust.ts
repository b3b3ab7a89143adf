import { workspace, type WorkspaceFolder } from 'vscode';

/** When the workspace became trusted: before activation, or just now. */
export type TrustedSince = 'before' | 'now';

/** Resolves when the workspace is trusted. */
export function whenTrusted(): Promise<TrustedSince> {
  if (workspace.isTrusted) return Promise.resolve('before');
  return new Promise((resolve) => {
    const subscription = workspace.onDidGrantWorkspaceTrust(() => {
      subscription.dispose();
      resolve('now');
    });
  });
}

/** Returns the folders of the workspace; none while it is not trusted. */
export function trustedFolders(): readonly WorkspaceFolder[] {
  return workspace.isTrusted ? (workspace.workspaceFolders ?? []) : [];
}
