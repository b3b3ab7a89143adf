import { window, workspace } from 'vscode';
import { AgentSocket, type WindowLocation, type AgentSocketDeps } from '../mcp/bridge/agentSocket.js';
import { currentPlatform } from '../host/platform/currentPlatform.js';
import { realPath } from '../host/system/boundedReads.js';
import type { Logger } from '../core/common.js';

export type WindowSocket = Pick<AgentSocket, 'windowId' | 'notifyServersChanged' | 'close'>;

/** Opens the socket of this window and keeps its record up to date. Rejects if the socket cannot be opened. */
export async function openWindowSocket(deps: AgentEndpointDeps): Promise<WindowSocket> {
  let focusedAt = Date.now();
  const socket = await AgentSocket.open(
    { ...deps, platform: currentPlatform() },
    await windowLocation(focusedAt),
  );
  const updateLocation = async (): Promise<void> => socket.setLocation(await windowLocation(focusedAt));
  const subscriptions = [
    workspace.onDidChangeWorkspaceFolders(() => void updateLocation()),
    window.onDidChangeWindowState(({ focused }) => {
      if (!focused) return;
      focusedAt = Date.now();
      void updateLocation();
    }),
  ];
  return {
    windowId: socket.windowId,
    notifyServersChanged: () => socket.notifyServersChanged(),
    close: () => {
      for (const each of subscriptions) each.dispose();
      return socket.close();
    },
  };
}

async function windowLocation(focusedAt: number): Promise<WindowLocation> {
  const paths = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  // A client compares its own folder, in which symbolic links are resolved.
  const real = await Promise.all(paths.map((path) => realPath(path).catch(() => path)));
  return { folders: [...new Set([...real, ...paths])], focusedAt, servesWorktrees: true };
}

export interface AgentEndpointDeps extends Pick<AgentSocketDeps, 'folder' | 'call' | 'watchLog'> {
  readonly log: Logger;
}
