import type { Listener } from '../system/listeners.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry } from '../system/processes.js';
import { SharedQuery } from '../system/sharedQuery.js';
import { holdingsOf, type Holding } from './socketHolders.js';
import { processTable } from '../processTree/processTable.js';

/** What the system tells of this machine, each look shared by all who ask for it at about the same time. */
export interface SystemTables {
  readonly table: SharedQuery<ProcessEntry>;
  /** The sockets that listen. */
  readonly sockets: SharedQuery<Listener>;
  /** Which sockets every one of the processes has open, which takes long to find out. */
  readonly holdings: SharedQuery<Holding>;
}

export function systemTables(platform: Platform): SystemTables {
  const { effort } = platform;
  const table = processTable(platform);
  return {
    table,
    // So soon done where no tool does it that counting its effort would be more of one.
    sockets: new SharedQuery(() => platform.listeners()),
    holdings: new SharedQuery(async () => holdingsOf(await table.get(), platform), { effort }),
  };
}
