import type { Agent } from 'package-manager-detector';
import type { DiscoveryContext } from '../files/discoveryResult.js';
import type { FileParsing, ParsedFile } from './fileParsing.js';
import type { FoundDefinitions } from '../files/foundDefinition.js';
import { maxFileBytes, maxReads } from '../files/limits.js';
import type { PackageManagers } from '../scripts/packageManager.js';
import {
  readContent,
  unreadableReason,
  type EventLoopTurns,
  type FileContent,
  type WorkspaceFiles,
} from '../files/workspaceFiles.js';
import { baseName, folderOf, sortedByDepth } from '../files/relativePath.js';
import { Slices } from './timeSlices.js';

/** Shortest time between two partial results of the first scan, in milliseconds. */
const progressIntervalMs = 200;

/** Reads a few files at a time, in slices, and keeps the findings of each file. */
export class FileReader {
  readonly #files = new Map<string, ParsedFile>();

  constructor(
    private readonly context: DiscoveryContext,
    private readonly files: WorkspaceFiles,
    private readonly turns: EventLoopTurns,
    private readonly parsing: FileParsing,
    private readonly managers: PackageManagers,
  ) {}

  get found(): FoundDefinitions[] {
    return [...this.#files.values()].flatMap((file) => file.found);
  }

  /** Returns the files whose findings depend on these folders or other files; without an argument, on any. */
  dependents(changed?: ReadonlySet<string>): string[] {
    const depends = ({ dependencies }: ParsedFile): boolean =>
      changed ? [...dependencies].some((path) => changed.has(path)) : dependencies.size > 0;
    return [...this.#files].filter(([, file]) => depends(file)).map(([path]) => path);
  }

  /** Forgets all files except these. */
  keepOnly(paths: ReadonlySet<string>): void {
    for (const path of this.#files.keys()) if (!paths.has(path)) this.#forget(path);
  }

  /** Reads and parses these files, the nearest first, since packages depend on the folders above them. */
  async read(paths: readonly string[], onStep: () => void): Promise<void> {
    const slices = new Slices(this.turns);
    const sorted = sortedByDepth(paths);
    const removedFrom = new Set<string>();
    let shown = this.turns.now();
    for (let index = 0; index < sorted.length; index += maxReads) {
      const batch = sorted.slice(index, index + maxReads);
      const contents = await Promise.all(batch.map((path) => readContent(this.files, path, maxFileBytes)));
      for (const [position, path] of batch.entries()) this.#recordManager(path, contents[position]);
      for (const [position, path] of batch.entries()) {
        if (!(await this.#update(path, contents[position]))) removedFrom.add(folderOf(path));
        await slices.pause();
      }
      if (this.turns.now() - shown < progressIntervalMs) continue;
      shown = this.turns.now();
      onStep();
    }
    await this.#readStale(removedFrom, onStep);
  }

  /**
   * Reads files again that depend on a change: files near a deleted one, and packages whose package manager has
   * changed.
   */
  async #readStale(removedFrom: ReadonlySet<string>, onStep: () => void): Promise<void> {
    const dependents = this.dependents(removedFrom);
    this.parsing.forgetNames(removedFrom);
    const otherManager = [...this.#files].filter(
      ([path, { agent }]) => agent !== undefined && agent !== this.managers.managerOf(folderOf(path)),
    );
    const stale = [...new Set([...dependents, ...otherManager.map(([path]) => path)])];
    if (stale.length > 0) await this.read(stale, onStep);
  }

  #recordManager(path: string, content: FileContent | undefined): void {
    if (baseName(path) !== 'package.json') return;
    this.managers.setPackage(folderOf(path), content?.kind === 'text' ? content.text : undefined);
  }

  /** Parses a file again. Returns whether it exists. */
  async #update(path: string, content: FileContent | undefined): Promise<boolean> {
    if (!content || content.kind === 'absent') {
      this.#forget(path);
      return false;
    }
    const agent: Agent | undefined =
      baseName(path) === 'package.json' ? this.managers.managerOf(folderOf(path)) : undefined;
    const previous = this.#files.get(path);
    this.#files.set(path, await this.parsing.parse(path, this.#textOrReason(content), agent, previous));
    return true;
  }

  /** Returns the text, or a sentence on why it cannot be read. */
  #textOrReason(
    content: Exclude<FileContent, { readonly kind: 'absent' }>,
  ): { text: string } | { reason: string } {
    const { l10n } = this.context;
    switch (content.kind) {
      case 'text':
        // Windows editors begin files with a byte order mark.
        return { text: content.text.replace(/^\uFEFF/u, '') };
      case 'tooLarge':
      case 'unreadable':
        return { reason: unreadableReason(content, maxFileBytes, l10n) };
    }
  }

  #forget(path: string): void {
    this.#files.delete(path);
    if (baseName(path) === 'package.json') this.managers.setPackage(folderOf(path), undefined);
  }
}
