import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { folderOf, joinPath } from '../../files/relativePath.js';

/** Finds `bin/rails`, and prefers `bin/dev` or `bin/server`, which also builds scripts and styles. */
export const rails: FileParser = {
  source: 'rails',
  patterns: ['bin/rails'],
  parse({ path, text }, facts) {
    if (!text.includes('rails/commands')) return noFindings;
    const directory = folderOf(folderOf(path));
    const common = { directory, port: 3000, traits: { runs: 'rails server', apps: ['config.ru'] } };
    // Windows does not support `#!`, and `bin/dev` may be written in any language.
    if (facts.system === 'windows') {
      const command = { kind: 'argv', file: 'ruby', args: ['bin/rails', 'server'] } as const;
      return singleServer({ name: 'rails server', command, ...common });
    }
    const server = {
      name: 'rails server',
      command: { kind: 'argv', file: 'bin/rails', args: ['server'] },
      ...common,
    } as const;
    const script = developmentScript(folderOf(path), facts);
    if (script === undefined) return singleServer(server);
    const file = joinPath(folderOf(path), script);
    const development = {
      name: `bin/${script}`,
      command: { kind: 'argv', file: `bin/${script}`, args: [] },
      ...common,
      file,
    } as const;
    return { servers: [development, server], problems: [] };
  },
};

/** Returns the script that starts the server together with the builds of its scripts and styles. */
function developmentScript(bin: string, facts: FolderFacts): string | undefined {
  const names = facts.names(bin);
  if (names.has('dev') && mayServe(facts.text(joinPath(bin, 'dev')) ?? '', folderOf(bin), facts))
    return 'dev';
  const text = names.has('server') ? facts.text(joinPath(bin, 'server')) : undefined;
  return text !== undefined && /\brails s|foreman|overmind|hivemind/u.test(text) ? 'server' : undefined;
}

/** A program that starts the processes of a Procfile, and a process of a Procfile that serves. */
const startsProcfile = /\b(?:foreman|overmind|hivemind)\b/u;
const servingProcess =
  /^(?:web|server|rails|app|backend)\w*:|\b(?:rails s(?:erver)?|puma|rackup|unicorn|falcon|thrust)\b/mu;

/** Returns whether a script may start a server: not if it only starts a Procfile with other processes. */
function mayServe(script: string, folder: string, facts: FolderFacts): boolean {
  if (!startsProcfile.test(script)) return true;
  const files = script.match(/\bProcfile[\w.-]{0,50}/gu) ?? ['Procfile'];
  const texts = files.map((name) => facts.text(joinPath(folder, name)));
  return servingProcess.test(script) || texts.some((text) => text === undefined || servingProcess.test(text));
}
