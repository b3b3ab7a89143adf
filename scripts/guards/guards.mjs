// @ts-check
import { configurationGuards } from './configurationGuards.mjs';
import { agentGuards } from './agentGuards.mjs';
import { coreGuards } from './coreGuards.mjs';
import { discoveryGuards } from './discoveryGuards.mjs';
import { holdGuards } from './holdGuards.mjs';
import { hostileGuards } from './hostileGuards.mjs';
import { hostGuards } from './hostGuards.mjs';
import { otherUserGuards } from './otherUserGuards.mjs';
import { platformGuards } from './platformGuards.mjs';
import { securityGuards } from './securityGuards.mjs';
import { treeGuards } from './treeGuards.mjs';
import { usageGuards } from './usageGuards.mjs';
import { viewGuards } from './viewGuards.mjs';

/**
 * @typedef {object} Edit
 * @property {string} file
 * @property {string} from text that occurs exactly once in the file
 * @property {string} to
 */

/**
 * @typedef {object} Guard
 * @property {string} name the protection that is removed
 * @property {Edit[]} edits changes to the source that remove it
 * @property {Record<string, string[]>} tests full titles by test file; all of them must fail without the guard
 */

/** All guards. The named tests must fail without each of them; otherwise nothing proves that the guard is needed.
 * @type {Guard[]} */
export const guards = [
  ...agentGuards,
  ...coreGuards,
  ...treeGuards,
  ...holdGuards,
  ...hostGuards,
  ...platformGuards,
  ...hostileGuards,
  ...securityGuards,
  ...otherUserGuards,
  ...configurationGuards,
  ...discoveryGuards,
  ...usageGuards,
  ...viewGuards,
];
