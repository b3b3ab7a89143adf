import { join } from 'node:path';

/** Folder of the system's tools, by which no program of a workspace is ever executed in place of one. */
export const system32 = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32');
