import type { Agent } from 'package-manager-detector';
import type { DiscoveryContext } from '../files/discovery.js';
import type { FileParsing, ParsedFile } from './fileParsing.js';
import type { FoundDefinitions } from './foundDefinitions.js';
import { maxFileBytes, maxReads } from '../files/limits.js';
import { agentFromPackageJson, type PackageManagers } from '../scripts/packageManager.js';
import type { FileText, EventLoopTurns, WorkspaceFiles } from '../files/workspaceFiles.js';
import { baseName, folderOf, sortedByDepth } from '../files/relativePath.js';
import { Slices } from './slices.js';

/** At most this often a part of the first look is shown, in milliseconds. */
const stepMs = 200;

/** A file as it is on the disk, or why it cannot be read. */
type Content = FileText | { readonly kind: 'unreadable'; readonly reason: string };

/** Reads files a few at a time, in slices, and remembers what was found in each. */
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

  /** Files whose findings depend on what else is in some folder. */
  dependents(folders?: ReadonlySet<string>): string[] {
    const depends = ({ asked }: ParsedFile): boolean =>
      folders ? [...asked].some((folder) => folders.has(folder)) : asked.size > 0;
    return [...this.#files].filter(([, file]) => depends(file)).map(([path]) => path);
  }

  /** Forgets the files that are not among these. */
  keepOnly(paths: ReadonlySet<string>): void {
    for (const path of this.#files.keys()) if (!paths.has(path)) this.#forget(path);
  }

  /** Reads these files and takes in what they say; the nearest first, as packages depend on those above them. */
  async read(paths: readonly string[], onStep: () => void): Promise<void> {
    const slices = new Slices(this.turns);
    const sorted = sortedByDepth(paths);
    const gone = new Set<string>();
    let shown = this.turns.now();
    for (let index = 0; index < sorted.length; index += maxReads) {
      const batch = sorted.slice(index, index + maxReads);
      const contents = await Promise.all(batch.map((path) => this.#content(path)));
      for (const [position, path] of batch.entries()) this.#nameManager(path, contents[position]);
      for (const [position, path] of batch.entries()) {
        if (!(await this.#take(path, contents[position]))) gone.add(folderOf(path));
        await slices.pause();
      }
      if (this.turns.now() - shown < stepMs) continue;
      shown = this.turns.now();
      onStep();
    }
    await this.#followUp(gone, onStep);
  }

  /** Reads again what depends on what has changed: files beside one that is gone, packages with another manager now. */
  async #followUp(gone: ReadonlySet<string>, onStep: () => void): Promise<void> {
    const dependents = this.dependents(gone);
    this.parsing.forgetNames(gone);
    const moved = [...this.#files].filter(
      ([path, { agent }]) => agent !== undefined && agent !== this.managers.of(folderOf(path)),
    );
    const again = [...new Set([...dependents, ...moved.map(([path]) => path)])];
    if (again.length > 0) await this.read(again, onStep);
  }

  #nameManager(path: string, content: Content | undefined): void {
    if (baseName(path) !== 'package.json') return;
    this.managers.name(
      folderOf(path),
      content?.kind === 'text' ? agentFromPackageJson(content.text) : undefined,
    );
  }

  /** Whether the file is there. */
  async #take(path: string, content: Content | undefined): Promise<boolean> {
    if (!content || content.kind === 'absent') {
      this.#forget(path);
      return false;
    }
    const agent: Agent | undefined =
      baseName(path) === 'package.json' ? this.managers.of(folderOf(path)) : undefined;
    const before = this.#files.get(path);
    this.#files.set(path, await this.parsing.parse(path, this.#readable(content), agent, before));
    return true;
  }

  /** The text, or the reason why there is none, in words. */
  #readable(content: Exclude<Content, { readonly kind: 'absent' }>): { text: string } | { reason: string } {
    const { l10n } = this.context;
    switch (content.kind) {
      case 'text':
        // Windows editors begin files with a byte order mark.
        return { text: content.text.replace(/^\uFEFF/u, '') };
      case 'tooLarge':
        return { reason: l10n.t('It is larger than 1 MiB.') };
      case 'unreadable':
        return { reason: l10n.t('It cannot be read: {0}', content.reason) };
    }
  }

  async #content(path: string): Promise<Content> {
    try {
      return await this.files.read(path, maxFileBytes);
    } catch (error) {
      return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  #forget(path: string): void {
    this.#files.delete(path);
    if (baseName(path) === 'package.json') this.managers.name(folderOf(path), undefined);
  }
}
