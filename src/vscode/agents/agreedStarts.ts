import { createHash } from 'node:crypto';
import type { Memento } from 'vscode';
import type { Logger } from '../../core/common.js';
import { consentText, originalConsentText, type StartConsent } from '../../core/consent/startConsent.js';
import type { ServerDefinition } from '../../core/server/definition.js';

const storageKey = 'devServers.agreedStarts';

/** Maximum number of definitions that are remembered; the user is asked again about older ones. */
const maxRemembered = 1000;

/**
 * Remembers by their hashes the definitions that the user has started or agreed to in this workspace. They are stored
 * in the editor's state, not in a file of the workspace.
 */
export class AgreedStarts implements StartConsent {
  #hashes: ReadonlySet<string>;
  /** Definitions are immutable and hashed often. */
  readonly #known = new WeakMap<ServerDefinition, string>();

  constructor(
    private readonly memento: Memento,
    private readonly log: Logger,
  ) {
    const stored = memento.get<unknown>(storageKey);
    this.#hashes = new Set(Array.isArray(stored) ? stored.filter((each) => typeof each === 'string') : []);
  }

  has(definition: ServerDefinition): boolean {
    if (this.#hashes.has(this.#hash(definition))) return true;
    const original = originalConsentText(definition);
    return original !== undefined && this.#hashes.has(hashOf(original));
  }

  give(definition: ServerDefinition): void {
    const hash = this.#hash(definition);
    if (this.#hashes.has(hash)) return;
    const hashes = [...this.#hashes, hash].slice(-maxRemembered);
    this.#hashes = new Set(hashes);
    this.memento
      .update(storageKey, hashes)
      .then(undefined, (error: unknown) => this.log.error('A consent could not be stored', error));
  }

  #hash(definition: ServerDefinition): string {
    const known = this.#known.get(definition);
    if (known !== undefined) return known;
    const hash = hashOf(consentText(definition));
    this.#known.set(definition, hash);
    return hash;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
