import type { FileParser } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sourceLines } from '../shared/sourceText.js';
import { folderOf, baseName, ancestorFolders } from '../../files/relativePath.js';

const extensions = ['ts', 'tsx', 'js', 'jsx'];
const lockFiles = ['bun.lock', 'bun.lockb', 'bunfig.toml'];

/**
 * Finds the entry files of Bun servers next to a `package.json`. Scripts are found separately; templates with scripts
 * keep their entry file in `src`.
 */
export const bun: FileParser = {
  source: 'bun',
  patterns: ['index', 'server'].flatMap((name) => extensions.map((extension) => `${name}.${extension}`)),
  beside: lockFiles,
  parse({ path, text }, facts) {
    const folder = folderOf(path);
    const here = facts.names(folder);
    const isBun =
      lockFiles.some((lockFile) => here.has(lockFile)) ||
      (here.has('package.json') &&
        ancestorFolders(folder).some((above) =>
          lockFiles.some((lockFile) => facts.names(above).has(lockFile)),
        ));
    if (!isBun || !startsServer(sourceLines(text))) return noFindings;
    const name = baseName(path);
    return singleServer({ name, command: { kind: 'argv', file: 'bun', args: ['--hot', name] } });
  },
};

/** Returns whether a file starts a server: by a call, or by exporting an object with `fetch`, which Bun serves. */
function startsServer(lines: readonly string[]): boolean {
  const code = lines.filter((line) => !/^\s{0,99}(?:\/\/|\*)/u.test(line));
  if (code.some((line) => /\bBun\.serve\s{0,9}[(<]/u.test(line))) return true;
  const takesServe = code.some(
    (line) => line.startsWith('import ') && /["']bun["']/u.test(line) && /\bserve\b/u.test(line),
  );
  if (takesServe && code.some((line) => /\bserve\(/u.test(line))) return true;
  const start = code.findIndex((line) => /^export default\s{0,9}\{/u.test(line));
  // The keys are within the next lines, before the bodies of methods.
  return start !== -1 && code.slice(start, start + 10).some((line) => /\bfetch\s{0,9}[(:,]/u.test(line));
}
