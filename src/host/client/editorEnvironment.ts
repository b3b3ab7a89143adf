import { currentPlatform } from '../platform/currentPlatform.js';

/**
 * Variables that extensions set for the libraries in their own process, as bundlers and requests read them there. What
 * they set besides, such as the variables of a project, is meant for programs that start later.
 */
const extensionOnly = ['NODE_ENV', 'NODE_TLS_REJECT_UNAUTHORIZED'];

/** The variables of the extension host, which extensions change while it runs. */
export class EditorEnvironment {
  /** The variables with which the extension host began; where the system does not tell, those of this moment. */
  readonly #initial = currentPlatform().initialEnvironment() ?? { ...process.env };

  /** Returns what a server that starts now inherits. */
  current(): Record<string, string> {
    const variables: NodeJS.ProcessEnv = { ...process.env };
    for (const name of extensionOnly) variables[name] = this.#initial[name];
    return Object.fromEntries(
      Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }
}
