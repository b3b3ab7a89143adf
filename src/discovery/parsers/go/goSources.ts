import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { sourceLines } from '../shared/sourceText.js';
import { isServerLine, type GoModule } from './goModule.js';

const maxLevels = 3;
const maxImports = 40;

/** Names of source files that probably show what a program does; these files are read first. */
const tellingName =
  /^(?:main|root|cli|cmd|serve|server|run|start|http|api|web|app|routes?|router|setup)\.go$/u;
/** Maximum number of source files that are read per package, and of packages that are followed from the main one. */
const maxSources = 24;

/** Returns the lines of the module packages that a program uses, and whether one of them could not be read. */
export function followedSources(
  main: readonly string[],
  { folder, name }: GoModule,
  facts: FolderFacts,
): { readonly lines: readonly string[]; readonly isIncomplete: boolean } {
  const lines: string[] = [];
  const seen = new Set<string>();
  let isIncomplete = false;
  let level = main;
  if (name === '') return { lines, isIncomplete };
  for (let depth = 0; depth < maxLevels; depth += 1) {
    const next: string[] = [];
    for (const path of ownImports(level, name).slice(0, maxImports)) {
      if (seen.has(path)) continue;
      seen.add(path);
      const sources = packageSources(joinPath(folder, path), facts);
      if (sources.length === 0) isIncomplete = true;
      next.push(...sources.flatMap((source) => source.lines));
    }
    lines.push(...next);
    if (next.some(isServerLine)) break;
    level = next;
  }
  return { lines, isIncomplete };
}

/** Packages that may listen only until the user has logged in with a browser. */
const listensForLogin = /\/(?:o?auth2?|oidc|login)$/u;

function ownImports(lines: readonly string[], module: string): string[] {
  return lines.flatMap((line) => {
    const path = /^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"]+)"/u.exec(line)?.[1];
    const isOwn = path?.startsWith(`${module}/`) === true && !listensForLogin.test(path);
    return isOwn ? path.slice(module.length + 1) : [];
  });
}

/** Returns the source files of a package, those first that probably show what it does. */
export function packageSources(folder: string, facts: FolderFacts): { name: string; lines: string[] }[] {
  const names = [...facts.names(folder)].filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'));
  const telling = names.toSorted(
    (one, other) => Number(tellingName.test(other)) - Number(tellingName.test(one)),
  );
  return telling.slice(0, maxSources).map((name) => ({
    name,
    lines: sourceLines(facts.text(joinPath(folder, name)) ?? '').filter(
      (line) => !line.trimStart().startsWith('//'),
    ),
  }));
}
