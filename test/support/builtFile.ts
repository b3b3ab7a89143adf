import { join } from 'node:path';

/** Returns the path of a bundle, in the folder of the build that these tests are for. */
export function builtFile(name: string): string {
  return join(process.env['DEV_SERVERS_BUILD'] ?? join(process.cwd(), 'dist'), name);
}
