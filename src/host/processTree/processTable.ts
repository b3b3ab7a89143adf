import type { Platform } from '../platform/platform.js';
import { SharedQuery } from '../system/sharedQuery.js';
import type { ProcessEntry } from '../system/processes.js';

/** Returns a shared query of the processes of this machine. */
export function processTable(platform: Platform): SharedQuery<ProcessEntry> {
  return new SharedQuery(() => platform.list(), { effort: platform.effort });
}
