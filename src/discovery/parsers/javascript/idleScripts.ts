import { splitCommands } from '../../../core/commandLine/parse.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { baseName, joinPath, resolvedPath } from '../../files/relativePath.js';
import { runsMissingSource } from '../shared/missingSource.js';

/** A script that runs the usual source file of an application of Nest, or what is built from it. */
const runsUsualFile = /\bnest start\b(?!.*--entryFile)|\bnode (?:--\S+ )*(?:\.\/)?dist\/(?:src\/)?main\b/u;

/** A script that runs Vite in the folder of the package, with its usual settings. */
const plainVite = /^vite(?: (?:dev|serve|preview))?(?: --(?:host|port|open|force)\b(?:[= ][\w.]+)?)*$/u;
const vitePreview = /^vite preview(?: [^&|;]{1,200})?$/u;

/** A script that compiles a library again whenever a file changes. */
const watchesLibrary = /\bvite build(?: [^\s"\\&|;]{1,100}){0,9} (?:--watch|-w)\b/u;

/** Settings with which Vite builds a library, and those with which it has pages elsewhere. */
const buildsLibrary = /\blib:\s{0,99}\{/u;
const hasOtherPages = /\broot\b|\.html\b/u;

/** A call of Electron Forge, and the plugins with which it serves the pages of its window. */
const startsForge = /^electron-forge start\b/u;
const forgeServer = /"@electron-forge\/plugin-(?:vite|webpack)"/u;

/** A file with settings of esbuild that Node.js runs, and what there may serve or start a program. */
const esbuildFile = /^node (?:--\S+ )*((?:\.\/)?(?:[\w-]+\/)*[\w.-]*esbuild[\w.-]*\.[cm]?js)\b[^&|;]*$/u;
const mayServe = /(?<!pre)serve|listen\(|browser-?sync|spawn|fork|exec|nodemon/iu;

/** A call of the usual tasks of Gulp, and what may serve or start a program in its file. */
const gulpTask = /^(?:npx (?:--yes |-y )?)?gulp(?: (?:default|dev|watch))?$/u;
const mayServeByGulp =
  /(?<!pre)serve|listen\(|browser-?sync|connect|reload|nodemon|\b(?:exec|fork|spawn)\(/iu;

/**
 * Returns a function that tells whether the files of a package contradict that a script serves, although its command or
 * its name says so.
 */
export function idleScripts(folder: string, manifest: string, facts: FolderFacts): (line: string) => boolean {
  const withoutPages = withoutPage(folder, manifest, facts);
  const endsItself = runsWithoutServer(folder, manifest, facts);
  return (line) => {
    const last = (splitCommands(line).at(-1) ?? []).join(' ');
    return (
      withoutPages?.test(line) === true ||
      (endsItself && runsUsualFile.test(line)) ||
      (startsForge.test(last) && !forgeServer.test(manifest)) ||
      onlyBuilds(line, folder, facts) ||
      buildsByGulp(last, folder, facts) ||
      runsMissingSource(line, folder, facts)
    );
  };
}

/**
 * Returns the calls of Vite that serve nothing in a package without a page: all of them if other packages import it by
 * its name with a scope and there are no settings, since an application is built as well; previews if it is built as a
 * library, according to its scripts or settings.
 */
function withoutPage(folder: string, manifest: string, facts: FolderFacts): RegExp | undefined {
  const isImported = mayBeImported(manifest);
  // Most packages need no other file, and are not read again when files change.
  if (!isImported && !manifest.includes('"vite preview')) return undefined;
  const names = facts.names(folder);
  if (names.has('index.html')) return undefined;
  const settings = [...names].find((name) => /^vite\.config\.[cm]?[jt]s$/u.test(name));
  if (isImported && settings === undefined && names.has('src')) return plainVite;
  const path = settings === undefined ? undefined : joinPath(folder, settings);
  return watchesLibrary.test(manifest) || isForLibrary(path, facts) ? vitePreview : undefined;
}

/** Returns whether other packages may import one by its name, and nothing builds it. */
function mayBeImported(manifest: string): boolean {
  const hasScope = /"name"\s{0,9}:\s{0,9}"@/u.test(manifest);
  return hasScope && /"vite(?: |")/u.test(manifest) && !/\bvite build\b/u.test(manifest);
}

/** Returns whether settings of Vite build a library, and name no page. */
function isForLibrary(settings: string | undefined, facts: FolderFacts): boolean {
  const text = settings === undefined ? '' : (facts.text(settings) ?? '');
  return buildsLibrary.test(text) && !hasOtherPages.test(text);
}

/** Returns whether an application of Nest, according to its usual source file, runs a command or jobs, and ends. */
function runsWithoutServer(folder: string, manifest: string, facts: FolderFacts): boolean {
  if (!/\bnest start\b/u.test(manifest)) return false;
  const source = facts.text(joinPath(folder, 'src/main.ts')) ?? '';
  return /\bcreateApplicationContext\(|\bCommandFactory\./u.test(source) && !source.includes('.listen(');
}

/** Returns whether a line runs settings of esbuild that only build, perhaps after each change. */
function onlyBuilds(line: string, folder: string, facts: FolderFacts): boolean {
  const file = esbuildFile.exec(line)?.[1];
  const path = file === undefined ? undefined : resolvedPath(folder, file);
  if (path === undefined || !baseName(path).includes('esbuild')) return false;
  const text = facts.text(path) ?? '';
  return /["']esbuild["']/u.test(text) && !mayServe.test(text);
}

/** Returns whether a task of Gulp only builds, perhaps after each change. Tasks in other files are not known. */
function buildsByGulp(command: string, folder: string, facts: FolderFacts): boolean {
  if (!gulpTask.test(command)) return false;
  const text = facts.text(joinPath(folder, 'gulpfile.js')) ?? '';
  return /\bgulp\.(?:src|watch)\(/u.test(text) && !mayServeByGulp.test(text);
}
