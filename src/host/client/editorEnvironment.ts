import { currentPlatform } from '../platform/currentPlatform.js';

/**
 * Variables that extensions set for the libraries in their own process, as bundlers and requests read them there. All
 * other variables that they set, such as those of a project, are meant for programs that start later.
 */
const extensionOnly = ['NODE_ENV', 'NODE_TLS_REJECT_UNAUTHORIZED'];

/** The variables of the extension host, which extensions change while it runs. */
export class EditorEnvironment {
  /** The variables that the extension host started with; the current ones if the system does not report them. */
  readonly #initial = currentPlatform().initialEnvironment() ?? { ...process.env };

  /** Returns the environment that a server inherits if it starts now. */
  current(): Record<string, string> {
    const variables: NodeJS.ProcessEnv = { ...process.env };
    for (const name of extensionOnly) variables[name] = this.#initial[name];
    return Object.fromEntries(
      Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }
}
