// @ts-check
import { configurationGuards } from './configurationGuards.mjs';
import { agentGuards } from './agentGuards.mjs';
import { coreGuards } from './coreGuards.mjs';
import { hostGuards } from './hostGuards.mjs';
import { treeGuards } from './treeGuards.mjs';

/**
 * @typedef {object} Edit
 * @property {string} file
 * @property {string} from stands exactly once in the file
 * @property {string} to
 */

/**
 * @typedef {object} Guard
 * @property {string} name what is taken away
 * @property {Edit[]} edits how it is taken away
 * @property {Record<string, string[]>} tests full titles by test file; every one of them must fail without the guard
 */

/** What must not be missing; without any one of these, tests must fail, or nothing proves that it is needed.
 * @type {Guard[]} */
export const guards = [...agentGuards, ...coreGuards, ...treeGuards, ...hostGuards, ...configurationGuards];
