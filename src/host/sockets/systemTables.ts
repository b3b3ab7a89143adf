import type { Listener } from '../system/listeners.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry } from '../system/processes.js';
import { SharedTable } from '../system/sharedQuery.js';
import { holdingsOf, type Holding } from './socketHolders.js';
import { processTable } from '../processTree/processTable.js';

/** What the system tells of this machine, each look shared by all who ask for it at about the same time. */
export interface SystemTables {
  readonly table: SharedTable<ProcessEntry>;
  /** The sockets that listen. */
  readonly sockets: SharedTable<Listener>;
  /** Which sockets every one of the processes has open, which takes long to find out. */
  readonly holdings: SharedTable<Holding>;
}

export function systemTables(platform: Platform): SystemTables {
  const { effort } = platform;
  const table = processTable(platform);
  return {
    table,
    // So soon done where no tool does it that counting its effort would be more of one.
    sockets: new SharedTable(() => platform.listeners()),
    holdings: new SharedTable(async () => holdingsOf(await table.look(), platform), { effort }),
  };
}
