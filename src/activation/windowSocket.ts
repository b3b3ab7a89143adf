import { realpath } from 'node:fs/promises';
import { window, workspace } from 'vscode';
import { AgentSocket, type WindowLocation, type AgentSocketDeps } from '../mcp/bridge/agentSocket.js';
import { currentPlatform } from '../host/platform/currentPlatform.js';
import type { Logger } from '../core/common.js';

export type WindowSocket = Pick<AgentSocket, 'windowId' | 'notifyServersChanged' | 'close'>;

/** Opens the socket of this window, and keeps its record true. Rejects when it cannot be opened. */
export async function openWindowSocket(deps: AgentEndpointDeps): Promise<WindowSocket> {
  let focusedAt = Date.now();
  const socket = await AgentSocket.open(
    { ...deps, platform: currentPlatform() },
    await placeOfWindow(focusedAt),
  );
  const move = async (): Promise<void> => socket.setLocation(await placeOfWindow(focusedAt));
  const listening = [
    workspace.onDidChangeWorkspaceFolders(() => void move()),
    window.onDidChangeWindowState(({ focused }) => {
      if (!focused) return;
      focusedAt = Date.now();
      void move();
    }),
  ];
  return {
    windowId: socket.windowId,
    notifyServersChanged: () => socket.notifyServersChanged(),
    close: () => {
      for (const each of listening) each.dispose();
      return socket.close();
    },
  };
}

async function placeOfWindow(focusedAt: number): Promise<WindowLocation> {
  const paths = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  // Whoever looks for its window knows its folder by the name without links.
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => path)));
  return { folders: [...new Set([...real, ...paths])], focusedAt };
}

export interface AgentEndpointDeps extends Pick<AgentSocketDeps, 'folder' | 'call'> {
  readonly log: Logger;
}
