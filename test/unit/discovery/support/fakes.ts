import { posix } from 'node:path';
import {
  problemText,
  readConfiguration,
  type ConfigurationSources,
} from '../../../../src/discovery/configuration/configuration.js';
import type { Discovery, DiscoveryContext } from '../../../../src/discovery/files/discoveryResult.js';
import type { FileParser } from '../../../../src/discovery/files/fileParser.js';
import { FilePatterns } from '../../../../src/discovery/scan/filePatterns.js';
import { FolderDiscovery, type FolderDiscoveryDeps } from '../../../../src/discovery/scan/folderDiscovery.js';
import { callWithin } from '../../../../src/host/system/boundedCall.js';
import { parsersFor } from '../../../../src/discovery/allParsers.js';
import type { FileText, WorkspaceFiles } from '../../../../src/discovery/files/workspaceFiles.js';
import { english } from '../../../../src/core/text.js';

export { english };

/** A workspace folder `shop` in `/home/me/shop`. */
export const shop: DiscoveryContext = {
  folder: { name: 'shop', path: '/home/me/shop' },
  paths: posix,
  l10n: english,
};

/** Files in memory by their relative path; an `Error` is a file that cannot be read, an object becomes JSON. */
export class FakeFiles implements WorkspaceFiles {
  /** Files that were read and folders that were listed, to check that no work is done twice. */
  readonly opened: string[] = [];
  readonly listed: string[] = [];
  readonly #texts = new Map<string, string | Error>();

  constructor(files: Readonly<Record<string, Content>>) {
    for (const [path, content] of Object.entries(files)) this.write(path, content);
  }

  write(path: string, content: Content): void {
    const isText = typeof content === 'string' || content instanceof Error;
    this.#texts.set(path, isText ? content : JSON.stringify(content));
  }

  remove(path: string): void {
    this.#texts.delete(path);
  }

  async search(patterns: readonly string[]): Promise<readonly string[]> {
    const wanted = new FilePatterns(patterns);
    return [...this.#texts.keys()].filter((path) => wanted.baseFolder(path) !== undefined);
  }

  async read(path: string, maxBytes: number): Promise<FileText> {
    this.opened.push(path);
    const text = this.#texts.get(path);
    if (text instanceof Error) throw text;
    if (text === undefined) return { kind: 'absent' };
    return Buffer.byteLength(text) > maxBytes ? { kind: 'tooLarge' } : { kind: 'text', text };
  }

  async exists(path: string): Promise<boolean> {
    return this.#texts.has(posix.relative(shop.folder.path, path));
  }

  async names(folder: string): Promise<ReadonlySet<string>> {
    this.listed.push(folder);
    const prefix = folder === '' ? '' : `${folder}/`;
    const inside = [...this.#texts.keys()].filter((path) => path.startsWith(prefix));
    return new Set(inside.map((path) => path.slice(prefix.length).split('/')[0] ?? ''));
  }
}

type Content = string | Error | object;

/** Returns the discovery of a folder with these files, by all parsers. */
export function discoveryOf(
  files: WorkspaceFiles,
  options: Partial<FolderDiscoveryDeps> = {},
  context = shop,
): FolderDiscovery {
  return new FolderDiscovery(context, {
    files,
    turns: { now: () => performance.now(), next: () => Promise.resolve() },
    parsers: parsersFor('linux'),
    isEnabled: () => true,
    machine: { system: 'linux' },
    usesGitIgnores: true,
    runBounded: callWithin,
    ...options,
  });
}

/** Returns everything found in these files, as lines. */
export async function discovered(files: Readonly<Record<string, Content>>): Promise<string[]> {
  const discovery = discoveryOf(new FakeFiles(files));
  await discovery.update();
  return drawn(discovery.discovery);
}

/** Returns the findings of a parser for a file in a folder with these names. */
export function parsed(
  parser: FileParser,
  path: string,
  text: string,
  names: readonly string[] = [],
): ReturnType<FileParser['parse']> {
  const inside = new Set([...names, posix.basename(path)]);
  return parser.parse(
    { path, text },
    { names: () => inside, text: () => undefined, folderName: 'shop', system: 'linux', l10n: english },
  );
}

/** Returns the servers of a folder that contains only the given files. */
export async function configured(
  sources: Partial<Omit<ConfigurationSources, 'files'>> & {
    readonly text?: string;
    readonly files?: FakeFiles;
  },
): Promise<Discovery> {
  const { text, files = new FakeFiles({}), ...more } = sources;
  const { definitions, problems } = await readConfiguration({
    context: { ...shop, platform: 'linux' },
    settings: undefined,
    file: text === undefined ? { kind: 'absent' } : { kind: 'text', text },
    discovered: [],
    files,
    ...more,
  });
  return {
    definitions,
    problems: problems.map((problem) => ({ file: problem.location, reason: problemText(problem) })),
  };
}

/** Formats a discovery as lines: definitions as `id › command line`, problems as `! file: reason`. */
export function drawn({ definitions, problems }: Discovery): string[] {
  return [
    ...definitions.map(({ id, command }) =>
      command.kind === 'argv'
        ? `${id} › ${[command.file, ...command.args].join(' ')}`
        : `${id} › $ ${command.line}`,
    ),
    ...problems.map(({ file, reason }) => `! ${file}: ${reason}`),
  ];
}
