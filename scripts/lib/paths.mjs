// @ts-check
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const repoRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/** Where downloaded editors and browsers are kept between runs. Git ignores it. */
export const cacheRoot = join(repoRoot, '.vscode-test');

/**
 * Absolute path of something in the repository.
 * @param {...string} parts
 */
export const fromRoot = (...parts) => join(repoRoot, ...parts);

/**
 * Where a stage of the tests leaves its counts for the summary of all stages.
 * @param {string} stage
 */
export const resultFile = (stage) => fromRoot('out', 'results', `${stage}.json`);
