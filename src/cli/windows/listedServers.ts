import type { WindowClient } from '../../mcp/bridge/windowClient.js';
import { CommandError, exitCodeOf } from '../call/exitCodes.js';

/** A server as a window describes it. */
export interface WindowServer {
  readonly id: string;
  readonly name: string;
  /** Absolute path in which its command runs. */
  readonly folder: string;
  readonly command: string;
  /** Words of the command where its text does not show them. */
  readonly argv?: readonly string[];
  /** Kind of file that documents it; missing in windows of earlier versions. */
  readonly source?: string;
  /** That file, relative to the workspace folder. */
  readonly file?: string;
  readonly isMain?: boolean;
  readonly state: string;
  readonly url?: string;
  readonly otherUrls?: readonly string[];
  readonly pid?: number;
  readonly startedBy?: string;
  readonly problem?: string;
}

/** The servers of a window: all of them, unless it has more than it lists. */
export interface WindowServers {
  readonly servers: readonly WindowServer[];
  readonly isWhole: boolean;
}

/** Returns the servers of a window. Rejects with a `CommandError` when the window refuses. */
export async function serversOf(client: WindowClient): Promise<WindowServers> {
  const answer = await client.call('devservers_list_servers', {});
  const { text, data, failed } = answer;
  if (failed) throw new CommandError(text, exitCodeOf(answer), String(data['error']));
  const servers = (data['servers'] ?? []) as readonly WindowServer[];
  return { servers, isWhole: servers.length === data['total'] };
}
