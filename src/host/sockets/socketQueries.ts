import type { Listener } from '../system/listeners.js';
import type { Platform } from '../platform/platform.js';
import type { ProcessEntry } from '../system/processes.js';
import { SharedQuery } from '../system/sharedQuery.js';
import { listProcessSockets, type ProcessSockets } from './socketHolders.js';
import { processTable } from '../processTree/processTable.js';

/** Processes and sockets of the machine; callers at about the same time share one query of the system. */
export interface SystemTables {
  readonly table: SharedQuery<ProcessEntry>;
  /** Listening sockets. */
  readonly sockets: SharedQuery<Listener>;
  /** Open sockets of every process, which take long to list. */
  readonly processSockets: SharedQuery<ProcessSockets>;
}

export function systemTables(platform: Platform): SystemTables {
  const { effort } = platform;
  const table = processTable(platform);
  return {
    table,
    // Fast where no tool is needed, so that measuring its effort would cost more.
    sockets: new SharedQuery(() => platform.listeners()),
    processSockets: new SharedQuery(async () => listProcessSockets(await table.get(), platform), { effort }),
  };
}
