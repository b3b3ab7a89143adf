// @ts-check
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const repoRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** Folder that keeps downloaded editors and browsers between runs. Git ignores it. */
export const cacheRoot = join(repoRoot, '.vscode-test');

/**
 * Returns the absolute path of a file in the repository.
 * @param {...string} parts
 */
export const fromRoot = (...parts) => join(repoRoot, ...parts);

/**
 * Returns the file in which a stage of the tests writes its counts for the summary.
 * @param {string} stage
 */
export const resultFile = (stage) => fromRoot('out', 'results', `${stage}.json`);
