import { commands, workspace, type WorkspaceFolder } from 'vscode';

/** Tells when the workspace became trusted: before activation, or just now. */
export type TrustedSince = 'before' | 'now';

/**
 * Resolves when the workspace is trusted. Until then, the empty view asks for trust. This depends on a context key of
 * the extension, since a window does not know yet whether its workspace is trusted while it loads.
 */
export function whenTrusted(): Promise<TrustedSince> {
  if (workspace.isTrusted) return Promise.resolve('before');
  void commands.executeCommand('setContext', 'devServers.untrusted', true);
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
