// @ts-check
// Checks the English of comments, the paths in documents and the size of folders: node scripts/check-text.mjs [PATH...]
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { commentsIn } from './lib/comments.mjs';
import { filesBelow } from './lib/files.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';

const codeFolders = ['src', 'test', 'scripts', 'bench'];

/** Words that hide who acts. */
const vagueWords = /\b(?:somebody|nobody|whoever|a person|a person's)\b/i;

/** Beginnings that hide who acts, as in "What is kept" instead of "Keeps". */
const vagueStart = /^(?:What|Who|Whose|Those|One|Of|So|Whether)\b/;

/** Largest share of the comments of a folder that may begin this way. */
const maxVagueShare = 0.04;

/** Largest number of files in a folder of code. */
const maxFilesInFolder = 20;
const dataFolders = new Set(['fixtures', 'packages', 'node_modules']);

await runScript(async () => {
  const { positionals } = readArguments({}, 'Usage: node scripts/check-text.mjs [PATH...]', true);
  const problems =
    positionals.length > 0
      ? positionals.flatMap(commentProblems)
      : [...codeFolders.flatMap(commentProblems), ...pathProblems(), ...codeFolders.flatMap(folderProblems)];
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
});

/**
 * @param {string} path a folder or a file
 * @returns {string[]}
 */
function commentProblems(path) {
  const comments = sourceFiles(path).flatMap((file) =>
    commentsIn(readFileSync(file, 'utf8')).map(({ line, text }) => ({
      text,
      shown: `${relative(repoRoot, file)}:${line}: ${text.slice(0, 90)}`,
    })),
  );
  const vague = comments.filter(({ text }) => vagueStart.test(text));
  const share = `${path}: ${vague.length} of ${comments.length} comments begin without an actor; ${maxVagueShare * 100} % may.`;
  return [
    ...comments.filter(({ text }) => vagueWords.test(text)).map(({ shown }) => `no actor: ${shown}`),
    ...(vague.length > comments.length * maxVagueShare
      ? [...vague.map(({ shown }) => `vague beginning: ${shown}`), share]
      : []),
  ];
}

/** @param {string} path a folder or a file */
function sourceFiles(path) {
  if (/\.\w+$/.test(path)) return [fromRoot(path)];
  return ['.ts', '.mjs', '.js']
    .flatMap((ending) => filesBelow(fromRoot(path), ending))
    .filter((file) => !/[/\\](?:frameworks|node_modules)[/\\]/.test(file));
}

/** Finds paths in backticks that do not exist: those that begin with a folder of the repository, or of `src`. */
function pathProblems() {
  const documents = [
    ...filesBelow(fromRoot('docs'), '.md'),
    fromRoot('README.md'),
    fromRoot('CONTRIBUTING.md'),
  ];
  // `.vscode` is a folder of the user's workspace in the documents.
  const topLevel = new Set([...readdirSync(repoRoot), ...readdirSync(fromRoot('src'))]);
  topLevel.delete('.vscode');
  return documents.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/`([\w.@-]+(?:\/[\w.@-]+)+\/?)`/g)]
      .map(([, path = '']) => path)
      .filter((path) => topLevel.has(path.split('/')[0] ?? '') && !/^(?:dist|out|node_modules)\//.test(path))
      .filter((path) => !existsSync(fromRoot(path)) && !existsSync(fromRoot('src', path)))
      .map((path) => `missing path: ${relative(repoRoot, document)}: ${path}`),
  );
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function folderProblems(folder) {
  const entries = readdirSync(fromRoot(folder), { withFileTypes: true });
  const count = entries.filter((entry) => entry.isFile()).length;
  const subfolders = entries.filter((entry) => entry.isDirectory() && !dataFolders.has(entry.name));
  return [
    ...(count > maxFilesInFolder
      ? [`${folder}: ${count} files; ${maxFilesInFolder} may be in a folder.`]
      : []),
    ...subfolders.flatMap(({ name }) => folderProblems(join(folder, name))),
  ];
}
