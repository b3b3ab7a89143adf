import type { WindowClient } from '../../mcp/bridge/windowClient.js';
import { CommandError, exitCodeOf } from '../call/exitCodes.js';

/** A server as a window describes it. */
export interface WindowServer {
  readonly id: string;
  readonly name: string;
  /** Absolute path in which its command runs. */
  readonly folder: string;
  readonly state: string;
  readonly url?: string;
  readonly otherUrls?: readonly string[];
  readonly pid?: number;
  readonly startedBy?: string;
  readonly problem?: string;
}

/** Returns the servers of a window. Rejects with a `CommandError` when the window refuses. */
export async function serversOf(client: WindowClient): Promise<readonly WindowServer[]> {
  const answer = await client.call('devservers_list_servers', {});
  const { text, data, failed } = answer;
  if (failed) throw new CommandError(text, exitCodeOf(answer), String(data['error']));
  return (data['servers'] ?? []) as readonly WindowServer[];
}
