import { workspace } from 'vscode';

/** Since when the workspace is trusted: from the beginning, or just now. */
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
