import type { FileParser, Findings } from '../../files/fileParser.js';
import { ancestorFolders, folderOf, joinPath } from '../../files/relativePath.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sourceLines } from '../shared/sourceText.js';

/** Finds projects that depend on Phoenix. The applications of an umbrella project start together from its folder. */
export const phoenix: FileParser = {
  source: 'phoenix',
  patterns: ['mix.exs'],
  parse({ path, text }, facts) {
    const folder = folderOf(path);
    const above = ancestorFolders(folder)
      .slice(1)
      .map((ancestor) => facts.text(joinPath(ancestor, 'mix.exs')));
    if (above.some((project) => project !== undefined && isUmbrella(project))) return noFindings;
    const projects = isUmbrella(text)
      ? [...facts.names(joinPath(folder, 'apps'))].map(
          (name) => facts.text(joinPath(folder, `apps/${name}/mix.exs`)) ?? '',
        )
      : [text];
    if (!projects.some(dependsOnPhoenix)) return devAlias(text);
    const command = { kind: 'argv', file: 'mix', args: ['phx.server'] } as const;
    return singleServer({ name: 'phx.server', command, port: 4000 });
  },
};

/** Returns the server of a library for Phoenix, which has an alias instead of an application. */
function devAlias(project: string): Findings {
  const name = /^[ \t]*"?(dev|server)"?:\s{0,99}\[?\s{0,99}"run --no-halt\b/mu.exec(project)?.[1];
  if (name === undefined || !/\{:phoenix/u.test(project)) return noFindings;
  return singleServer({ name: `mix ${name}`, command: { kind: 'argv', file: 'mix', args: [name] } });
}

function isUmbrella(project: string): boolean {
  return /\bapps_path:/u.test(project);
}

/** Returns whether a project needs Phoenix. A library for it may list it as optional, or for tests. */
function dependsOnPhoenix(project: string): boolean {
  return sourceLines(project).some(
    (line) => /\{:phoenix,/u.test(line) && !/optional: true|only: |^\s*#/u.test(line),
  );
}
