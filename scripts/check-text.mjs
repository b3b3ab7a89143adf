// @ts-check
// Checks the English of comments, and that the paths that the documents name exist: node scripts/check-text.mjs [FOLDER…]
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readArguments } from './lib/arguments.mjs';
import { runScript } from './lib/cleanup.mjs';
import { commentsIn } from './lib/comments.mjs';
import { filesBelow } from './lib/files.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';

const codeFolders = ['src', 'test', 'scripts', 'bench'];

/** Comments that begin like this name no actor: "What is kept" instead of "Keeps". */
const vagueStart = /^(?:What|Who|Whose|Those|One|Of|So|Whether)\b/;

/** Largest share of comments in `src` that may begin like this. */
const maxVagueShare = 0.04;

/** Words that hide the actor. */
const vagueWords = /\b(?:somebody|nobody|whoever|a person|a person's)\b/i;

/** Largest number of files in a folder of `src`; a parser for each framework is one file. */
const maxFilesInFolder = 20;
const largeFolders = new Set(['src/discovery/parsers']);

await runScript(async () => {
  const { positionals } = readArguments({}, 'Usage: node scripts/check-text.mjs [FOLDER…]', true);
  const folders = positionals.length > 0 ? positionals : codeFolders;
  const problems = folders.flatMap(commentProblems);
  if (positionals.length === 0) problems.push(...pathProblems(), ...folderProblems('src'));
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : 0;
});

/**
 * @param {string} folder
 * @returns {string[]}
 */
function commentProblems(folder) {
  const comments = sourceFiles(folder).flatMap((file) =>
    commentsIn(readFileSync(file, 'utf8')).map((comment) => ({ ...comment, file: relative(repoRoot, file) })),
  );
  const place = (/** @type {{ file: string, line: number, text: string }} */ { file, line, text }) =>
    `${file}:${line}: ${text.slice(0, 90)}`;
  const problems = comments
    .filter(({ text }) => vagueWords.test(text))
    .map((comment) => `no actor: ${place(comment)}`);
  const vague = comments.filter(({ text }) => vagueStart.test(text));
  if (vague.length > comments.length * maxVagueShare) {
    problems.push(
      ...vague.map((comment) => `vague beginning: ${place(comment)}`),
      `${folder}: ${vague.length} of ${comments.length} comments begin without an actor; ${maxVagueShare * 100} % may.`,
    );
  }
  return problems;
}

/** @param {string} folder */
function sourceFiles(folder) {
  return ['.ts', '.mjs', '.js']
    .flatMap((ending) => filesBelow(fromRoot(folder), ending))
    .filter((file) => !/[/\\](?:fixtures|node_modules)[/\\]/.test(file));
}

/** A path in backticks that begins with a folder of the repository, or of `src`, must exist. */
function pathProblems() {
  const documents = [
    ...filesBelow(fromRoot('docs'), '.md'),
    fromRoot('README.md'),
    fromRoot('CONTRIBUTING.md'),
  ];
  const tops = new Set([...readdirSync(repoRoot), ...readdirSync(fromRoot('src'))]);
  return documents.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/`([\w.@-]+(?:\/[\w.@-]+)+\/?)`/g)].flatMap(
      ([, path = '']) => {
        const isOurs = tops.has(path.split('/')[0] ?? '') && !/^(?:dist|out|node_modules)\//.test(path);
        const exists = existsSync(fromRoot(path)) || existsSync(fromRoot('src', path));
        return isOurs && !exists ? [`missing path: ${relative(repoRoot, document)}: ${path}`] : [];
      },
    ),
  );
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function folderProblems(folder) {
  const entries = readdirSync(fromRoot(folder), { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const isTooLarge = files.length > maxFilesInFolder && !largeFolders.has(folder);
  return [
    ...(isTooLarge ? [`${folder}: ${files.length} files; ${maxFilesInFolder} may be in a folder.`] : []),
    ...entries
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => folderProblems(join(folder, name))),
  ];
}
