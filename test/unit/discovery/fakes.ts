import { posix } from 'node:path';
import type { Translator } from '../../../src/core/ports.js';
import {
  problemText,
  readConfiguration,
  type ConfigurationSources,
} from '../../../src/discovery/configuration.js';
import type { Discovery, DiscoveryContext } from '../../../src/discovery/discovery.js';
import type { FileText, WorkspaceFiles } from '../../../src/discovery/ports.js';

/** Leaves the text in English and fills in its arguments. */
export const english: Translator = {
  t: (message, ...args) => message.replaceAll(/\{(\d+)\}/gu, (_, index) => String(args[Number(index)])),
};

/** A workspace folder `shop` in `/home/me/shop`. */
export const shop: DiscoveryContext = {
  folder: { name: 'shop', path: '/home/me/shop' },
  paths: posix,
  l10n: english,
};

/** Files in memory by their relative path; an `Error` is a file that cannot be read, an object is written as JSON. */
export class FakeFiles implements WorkspaceFiles {
  /** Folders that were listed, to see that none is listed twice. */
  readonly listed: string[] = [];
  private readonly texts: ReadonlyMap<string, string | Error>;

  constructor(files: Readonly<Record<string, string | Error | object>>) {
    this.texts = new Map(
      Object.entries(files).map(([path, content]) => [
        path,
        typeof content === 'string' || content instanceof Error ? content : JSON.stringify(content),
      ]),
    );
  }

  async packageFiles(): Promise<readonly string[]> {
    return [...this.texts.keys()].filter((path) => posix.basename(path) === 'package.json');
  }

  async read(path: string, maxBytes: number): Promise<FileText> {
    const text = this.texts.get(path);
    if (text instanceof Error) throw text;
    if (text === undefined) return { kind: 'absent' };
    return Buffer.byteLength(text) > maxBytes ? { kind: 'tooLarge' } : { kind: 'text', text };
  }

  async exists(path: string): Promise<boolean> {
    return this.texts.has(posix.relative(shop.folder.path, path));
  }

  async fileNames(folder: string): Promise<ReadonlySet<string>> {
    this.listed.push(folder);
    const inside = [...this.texts.keys()].filter(
      (path) => (posix.dirname(path) === '.' ? '' : posix.dirname(path)) === folder,
    );
    return new Set(inside.map((path) => posix.basename(path)));
  }
}

/** The servers of a folder with nothing in it but what a test says. */
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
    problems: problems.map((problem) => ({ file: problem.place, reason: problemText(problem) })),
  };
}

/** A discovery as lines: every definition as `id › command line`, every problem as `! file: reason`. */
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
