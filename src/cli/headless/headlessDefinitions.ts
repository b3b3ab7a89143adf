import * as paths from 'node:path';
import type { AgentWorkspace } from '../../core/agents/context.js';
import { relativeInside } from '../../core/paths.js';
import type { Registry } from '../../core/registry/registry.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import { idSafeName } from '../../core/server/folderNames.js';
import type { ServerId } from '../../core/server/identity.js';
import { fileStatus, realPath } from '../../host/system/boundedReads.js';
import { report } from '../call/output.js';

/**
 * Keeps the definitions in the registry up to date with the files of a folder, which are read again before an agent
 * starts a server.
 */
export class HeadlessDefinitions implements AgentWorkspace {
  /** Servers that are in no file. */
  readonly #added = new Map<ServerId, ServerDefinition>();
  #reported = '';
  /** Resolves at the end of the last scan that has started. */
  #last: Promise<unknown> = Promise.resolve();
  /** The scan that has not started yet. */
  #next: Promise<void> | undefined;

  constructor(
    private readonly folder: string,
    private readonly registry: Pick<Registry, 'define'>,
  ) {}

  /**
   * Reads the files of the folder again. Calls during a scan share the next one, since many agents may start servers at
   * once. Problems are reported once.
   */
  scan(): Promise<void> {
    this.#next ??= this.#last.then(() => {
      this.#next = undefined;
      const scan = this.#scan();
      this.#last = scan.catch(() => undefined);
      return scan;
    });
    return this.#next;
  }

  async #scan(): Promise<void> {
    const { findListedServers } = await import('../../folderSearch/findServers.js');
    const { definitions: found, problems } = await findListedServers(this.folder);
    const ids = new Set(found.map(({ id }) => id));
    await this.registry.define([...found, ...[...this.#added.values()].filter(({ id }) => !ids.has(id))]);
    const text = problems.join('\n');
    if (text !== this.#reported && text !== '') report(text);
    this.#reported = text;
  }

  whenScanned(): Promise<void> {
    return Promise.resolve();
  }

  reread(): Promise<void> {
    return this.scan();
  }

  async missingIn(definition: ServerDefinition): Promise<readonly string[]> {
    const { missingSentences } = await import('../../folderSearch/missingFiles.js');
    return missingSentences(definition);
  }

  async add(definition: ServerDefinition): Promise<void> {
    this.#added.set(definition.id, definition);
    await this.scan();
  }

  async resolveFolder(path: string): ReturnType<AgentWorkspace['resolveFolder']> {
    const [root, target] = await Promise.all([
      realPath(this.folder),
      realPath(paths.resolve(this.folder, path)).catch(() => undefined),
    ]);
    if (target === undefined || !(await fileStatus(target)).isDirectory()) return undefined;
    const subfolder = relativeInside(root, target, paths)?.replaceAll(paths.sep, '/');
    if (subfolder === undefined) return undefined;
    const folder = idSafeName(paths.basename(this.folder));
    return { folder, subfolder, path: paths.join(this.folder, subfolder) };
  }
}
