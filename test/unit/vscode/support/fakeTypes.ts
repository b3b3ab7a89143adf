/** An event whose listeners are called at once, as in the editor. */
export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();

  readonly event = (listener: (value: T) => unknown): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }
}

interface UriParts {
  readonly scheme: string;
  readonly path: string;
  readonly query?: string;
}

export class Uri {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;

  private constructor({ scheme, path, query = '' }: UriParts) {
    this.scheme = scheme;
    this.path = path;
    this.query = query;
  }

  static file(path: string): Uri {
    return new Uri({ scheme: 'file', path: path.replaceAll('\\', '/') });
  }

  static from(parts: UriParts): Uri {
    return new Uri(parts);
  }

  static parse(text: string): Uri {
    const [, scheme = '', path = ''] = /^([^:]*):(?:\/\/)?(.*)$/s.exec(text) ?? [];
    return new Uri({ scheme, path });
  }

  static joinPath({ scheme, path }: Uri, ...names: string[]): Uri {
    return new Uri({ scheme, path: [path, ...names].join('/') });
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}://${this.path}${this.query === '' ? '' : `?${this.query}`}`;
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(start: Position, end: Position);
  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number);
  constructor(...parts: [Position, Position] | [number, number, number, number]) {
    if (typeof parts[0] === 'number') {
      const [startLine, startCharacter, endLine, endCharacter] = parts as [number, number, number, number];
      this.start = new Position(startLine, startCharacter);
      this.end = new Position(endLine, endCharacter);
    } else {
      [this.start, this.end] = parts as [Position, Position];
    }
  }

  with(start: Position): Range {
    return new Range(start, this.end);
  }
}

export class Selection extends Range {}

export class Diagnostic {
  source: string | undefined;

  constructor(
    readonly range: Range,
    readonly message: string,
    readonly severity: number,
  ) {}
}

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class ThemeIcon {
  constructor(
    readonly id: string,
    readonly color?: ThemeColor,
  ) {}
}

export class TreeItem {
  constructor(
    readonly label: string,
    readonly collapsibleState?: number,
  ) {}
}

export class MarkdownString {
  value = '';

  /** The editor also escapes Markdown. */
  appendText(text: string): this {
    this.value += text.replaceAll(' ', '&nbsp;');
    return this;
  }

  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }

  appendCodeblock(code: string): this {
    this.value += `\n\`\`\`\n${code}\n\`\`\`\n`;
    return this;
  }
}

export const DiagnosticSeverity = { Error: 0, Warning: 1 } as const;
export const ExtensionMode = { Production: 1, Development: 2, Test: 3 } as const;
export const FileType = { File: 1, Directory: 2 } as const;
export const QuickPickItemKind = { Separator: -1, Default: 0 } as const;
export const StatusBarAlignment = { Left: 1, Right: 2 } as const;
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;
