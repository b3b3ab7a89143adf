import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Returns the package that `npm test` made; elsewhere makes one in the folder. The tests run at the root of the project. */
export async function packagedExtension(folder: string): Promise<string> {
  const made = process.env['DEV_SERVERS_VSIX'];
  if (made !== undefined) return made;
  const file = join(folder, 'extension.vsix');
  await promisify(execFile)(process.execPath, [join('scripts', 'package.mjs'), '--out', file]);
  return file;
}
