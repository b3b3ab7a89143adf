import { realpath } from 'node:fs/promises';
import { window, workspace } from 'vscode';
import { AgentSocket, type WindowPlace, type AgentSocketPorts } from '../mcp/bridge/agentSocket.js';
import { currentPlatform } from '../host/platform/currentPlatform.js';
import type { Log } from '../core/common.js';

export type WindowSocket = Pick<AgentSocket, 'windowId' | 'tellServersChanged' | 'close'>;

/** Opens the socket of this window, and keeps its record true. Rejects when it cannot be opened. */
export async function openWindowSocket(ports: AgentDoorPorts): Promise<WindowSocket> {
  let focusedAt = Date.now();
  const socket = await AgentSocket.open(
    { ...ports, platform: currentPlatform() },
    await placeOfWindow(focusedAt),
  );
  const move = async (): Promise<void> => socket.move(await placeOfWindow(focusedAt));
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
    tellServersChanged: () => socket.tellServersChanged(),
    close: () => {
      for (const each of listening) each.dispose();
      return socket.close();
    },
  };
}

async function placeOfWindow(focusedAt: number): Promise<WindowPlace> {
  const paths = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  // Whoever looks for its window knows its folder by the name without links.
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => path)));
  return { folders: [...new Set([...real, ...paths])], focusedAt };
}

export interface AgentDoorPorts extends Pick<AgentSocketPorts, 'folder' | 'call'> {
  readonly log: Log;
}
