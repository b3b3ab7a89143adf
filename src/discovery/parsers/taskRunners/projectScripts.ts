import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sizeProblem } from '../shared/sourceText.js';
import { targetServers } from './targets.js';

/** Folders with files of an image, where the script runs. */
const ofImage = /(?:^|\/)(?:docker|rootfs)\//u;

/** Finds shell scripts with usual names for starting the server of a project, such as `script/server`. */
export const projectScripts: FileParser = {
  source: 'taskRunners',
  patterns: [
    'script/{server,docs-server,test-server,dev,develop,start}',
    'script/{dev,develop,start,serve,run}{-,_}*',
    'scripts/{server,serve,dev,develop,start}',
    'scripts/{server,serve,dev,develop,start}.sh',
    'bin/{dev,start,serve,server}',
  ],
  parse({ path, text }, facts) {
    // Windows does not support `#!`.
    if (facts.system === 'windows' || !/^#!.*\b(?:ba|z|da)?sh\b/u.test(text)) return noFindings;
    if (ofImage.test(path) || sizeProblem(text, facts.l10n) !== undefined) return noFindings;
    const lines = text.split(/\r?\n/u).map((line) => line.trim().replace(/^exec\s+/u, ''));
    const commands = lines.filter((line) => line !== '' && !line.startsWith('#')).map(withoutFallback);
    if (belongsToRails(path, facts)) return noFindings;
    const target = { name: baseName(path), lines: commands };
    const folder = folderOf(path);
    const file = `${baseName(folder)}/${target.name}`;
    const [server] = targetServers([target], { program: file }, facts).servers;
    if (server === undefined) return noFindings;
    const command = { kind: 'argv', file, args: [] } as const;
    return singleServer({ ...server, name: file, command, directory: folderOf(folder) });
  },
};

/** Returns whether the parser of Rails finds the script. Other projects have such scripts as well. */
function belongsToRails(path: string, facts: FolderFacts): boolean {
  const folder = folderOf(path);
  if (baseName(folder) !== 'bin' || !facts.names(folder).has('rails')) return false;
  return facts.text(joinPath(folder, 'rails'))?.includes('rails/commands') === true;
}

/** Removes commands that run only if another one fails: `cd docs || exit`. */
function withoutFallback(line: string): string {
  return line.replace(/\|\|\s*(?:exit|return)\b.*$/u, '').trimEnd();
}
