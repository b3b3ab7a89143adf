import type { Platform } from '../platform/platform.js';
import { SharedTable } from '../system/sharedQuery.js';
import type { ProcessEntry } from '../system/processes.js';

/** The processes of this machine. */
export function processTable(platform: Platform): SharedTable<ProcessEntry> {
  return new SharedTable(() => platform.list(), { effort: platform.effort });
}
