import {
  EventEmitter,
  Position,
  Range,
  Uri,
  window,
  workspace,
  type Disposable,
  type TextDocument,
  type TextDocumentContentProvider,
  type TextEditor,
} from 'vscode';
import { plainText } from '../../core/plainText.js';
import type { Registry } from '../../core/registry/registry.js';
import { fullTitle, type ServerDefinition } from '../../core/server/definition.js';
import type { Definitions } from '../workspace/definitions.js';
import { FollowedLog, type FollowedLogDeps } from './followedLog.js';
import type { Translator } from '../../core/common.js';
import { documentSchemes } from './documentSchemes.js';

const scheme = documentSchemes.logs;

/** Bytes to show before an offset that lies before the document of the log's end. */
const contextBytes = 256 * 1024;

export interface LogDocumentDeps extends FollowedLogDeps {
  readonly registry: Registry;
  readonly definitions: Pick<Definitions, 'whenScanned'>;
  readonly l10n: Translator;
}

/** Content of a document's URI: the server, and the offset to begin at unless the document follows the end. */
interface LogAddress {
  readonly id: string;
  readonly from: number | undefined;
}

/** Logs of servers as read-only documents. A document that shows the end follows new output. */
export class LogDocuments implements TextDocumentContentProvider, Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #followed = new Map<string, FollowedLog>();
  readonly #lineCounts = new WeakMap<TextDocument, number>();
  readonly #subscriptions: readonly Disposable[];

  constructor(private readonly deps: LogDocumentDeps) {
    this.#subscriptions = [
      this.#changed,
      workspace.onDidCloseTextDocument(({ uri }) => this.#stopFollowing(uri)),
      workspace.onDidChangeTextDocument(({ document }) => this.#keepAtEnd(document)),
    ];
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const { id, from } = parseLogUri(uri);
    await this.deps.definitions.whenScanned();
    const definition = this.deps.registry.find(id)?.definition;
    if (!definition) return this.deps.l10n.t('There is no server {0} in this workspace.', id);
    if (from === undefined) return this.#follow(uri, definition).read();
    const excerpt = await this.deps.logs.range(definition, from);
    return excerpt ? excerpt.text + excerpt.rest : '';
  }

  /** Shows the end of the server's log and follows it. */
  async show(definition: ServerDefinition): Promise<void> {
    const document = await this.#open(logUri(definition));
    const end = new Position(document.lineCount - 1, 0);
    await window.showTextDocument(document, { selection: new Range(end, end) });
  }

  /** Clears the server's log, and the document that shows it. */
  async clear(definition: ServerDefinition): Promise<void> {
    await this.deps.logs.clear(definition);
    this.#followed.get(logUri(definition).toString())?.clear();
  }

  /** Shows the line of the server's log that begins at the offset. */
  async showAt(definition: ServerDefinition, offset: number): Promise<void> {
    const followed = logUri(definition);
    let document = await this.#open(followed);
    let start = this.#followed.get(followed.toString())?.start ?? 0;
    if (offset < start) {
      const excerpt = await this.deps.logs.range(definition, offset - contextBytes, { lines: 1 });
      start = excerpt && excerpt.end < offset ? excerpt.end : offset;
      document = await this.#open(logUri(definition, start));
    }
    const before = await this.deps.logs.range(definition, start, { bytes: Math.max(1, offset - start) });
    const line = offset > start ? (before?.text.split('\n').length ?? 1) - 1 : 0;
    const position = new Position(line, 0);
    await window.showTextDocument(document, { selection: document.lineAt(line).range.with(position) });
  }

  dispose(): void {
    for (const followed of this.#followed.values()) followed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #open(uri: Uri): Promise<TextDocument> {
    const document = await workspace.openTextDocument(uri);
    this.#followed.get(uri.toString())?.shown();
    this.#lineCounts.set(document, document.lineCount);
    return document;
  }

  #follow(uri: Uri, definition: ServerDefinition): FollowedLog {
    const key = uri.toString();
    const followed =
      this.#followed.get(key) ?? new FollowedLog(definition, this.deps, () => this.#changed.fire(uri));
    this.#followed.set(key, followed);
    return followed;
  }

  #stopFollowing(uri: Uri): void {
    this.#followed.get(uri.toString())?.dispose();
    this.#followed.delete(uri.toString());
  }

  /** Keeps the end visible in editors that showed it. */
  #keepAtEnd(document: TextDocument): void {
    if (document.uri.scheme !== scheme || parseLogUri(document.uri).from !== undefined) return;
    this.#followed.get(document.uri.toString())?.shown();
    const before = this.#lineCounts.get(document) ?? 0;
    this.#lineCounts.set(document, document.lineCount);
    for (const editor of window.visibleTextEditors) {
      if (editor.document === document && showsLine(editor, before - 1)) revealEnd(editor);
    }
  }
}

/** Longest title in the name of a document, in UTF-16 units: the name is shown in a tab and in the title of the window. */
const maxTitleLength = 100;

/** Returns the URI of a log document; the ending lets the editor detect the language. */
function logUri(definition: ServerDefinition, from?: number): Uri {
  const path = `/${plainText(fullTitle(definition), maxTitleLength).replaceAll('/', ' ')}.log`;
  return Uri.from({ scheme, path, query: JSON.stringify({ id: definition.id, from }) });
}

function parseLogUri({ query }: Uri): LogAddress {
  try {
    const { id, from } = JSON.parse(query) as Partial<LogAddress>;
    return { id: String(id), from: typeof from === 'number' ? from : undefined };
  } catch {
    return { id: query, from: undefined };
  }
}

function showsLine(editor: TextEditor, line: number): boolean {
  return editor.visibleRanges.some(({ end }) => end.line >= line);
}

function revealEnd(editor: TextEditor): void {
  const end = new Position(editor.document.lineCount - 1, 0);
  editor.revealRange(new Range(end, end));
}
