import type * as vscode from 'vscode';
import { EventEmitter, Range, Position, Uri } from './fakeTypes.js';

/** The events that the fake API offers to its listeners. */
export const events = {
  configuration: new EventEmitter<{ affectsConfiguration(name: string): boolean }>(),
  folders: new EventEmitter<{ readonly removed: readonly vscode.WorkspaceFolder[] }>(),
  trust: new EventEmitter<void>(),
  opened: new EventEmitter<vscode.TextDocument>(),
  changed: new EventEmitter<{ readonly document: vscode.TextDocument }>(),
  closed: new EventEmitter<vscode.TextDocument>(),
  taskProcessEnded: new EventEmitter<{ readonly execution: unknown; readonly exitCode: number }>(),
  taskEnded: new EventEmitter<{ readonly execution: unknown }>(),
};

type Settings = Readonly<Record<string, unknown>>;

/** A watcher that the code has created. */
export class FakeWatcher {
  readonly created = new EventEmitter<vscode.Uri>();
  readonly changed = new EventEmitter<vscode.Uri>();
  readonly deleted = new EventEmitter<vscode.Uri>();
  isDisposed = false;

  constructor(readonly glob: string) {}
}

/** A document whose text a test or a content provider sets. */
class FakeDocument {
  isClosed = false;
  text = '';

  constructor(readonly uri: vscode.Uri) {}

  get lineCount(): number {
    return this.text.split('\n').length;
  }

  getText(): string {
    return this.text;
  }

  lineAt(line: number): { readonly range: Range } {
    const length = this.text.split('\n')[line]?.length ?? 0;
    return { range: new Range(new Position(line, 0), new Position(line, length)) };
  }
}

/** The state of the window that a test runs in, and a record of the calls that the code made. */
class FakeEditor {
  isTrusted = true;
  folders: vscode.WorkspaceFolder[] = [];
  settings: Settings = {};
  /** Settings of single folders, by the folder's name. */
  folderSettings: Readonly<Record<string, Settings>> = {};
  documents: vscode.TextDocument[] = [];
  visibleEditors: vscode.TextEditor[] = [];
  watchers: FakeWatcher[] = [];
  readonly providers = new Map<string, vscode.TextDocumentContentProvider>();
  readonly handlers = new Map<string, (...args: unknown[]) => unknown>();
  readonly diagnostics = new Map<string, readonly vscode.Diagnostic[]>();
  /** The texts of notifications, oldest first. */
  messages: string[] = [];
  clipboard = '';
  /** Commands that were executed, with their arguments, but for `setContext`. */
  executed: unknown[][] = [];
  /** Commands that the editor lacks. */
  missingCommands: readonly string[] = [];
  /** Addresses that were opened outside the editor. */
  openedExternally: string[] = [];
  contexts: Record<string, unknown> = {};
  /** The folders and commands of the tasks that were executed. */
  executedTasks: string[] = [];
  /** Exit code of the process of every task. */
  taskExitCode = 0;
  /** The item that was created last. */
  statusBarItem = { text: '', tooltip: '', accessibilityInformation: { label: '' } };
  shownDocuments: {
    readonly document: vscode.TextDocument;
    readonly options: { readonly selection?: Range };
  }[] = [];
  /** What the user types into a quick pick before the answer. */
  typed = '';
  /** Answers notifications and quick picks; `undefined` dismisses them. `detail` is that of a modal dialog. */
  answer: (question: string, items: readonly unknown[], detail?: string) => unknown = () => undefined;

  /** Empties the window: it is trusted and has folders of these names in `/`. */
  reset(...folderNames: readonly string[]): void {
    Object.assign(this, new FakeEditor());
    for (const event of Object.values(events)) event.dispose();
    this.setFolders(...folderNames);
  }

  setFolders(...names: readonly string[]): void {
    this.folders = names.map((name, index) => ({ name, index, uri: Uri.file(`/${name}`) }) as never);
  }

  changeSettings(settings: Settings): void {
    this.settings = { ...this.settings, ...settings };
    const affectsConfiguration = (name: string): boolean =>
      Object.keys(settings).some((changed) => `${changed}.`.startsWith(`${name}.`));
    events.configuration.fire({ affectsConfiguration });
  }

  grantTrust(): void {
    this.isTrusted = true;
    events.trust.fire();
  }

  watcher(glob: string): FakeWatcher {
    const watcher = new FakeWatcher(glob);
    this.watchers.push(watcher);
    return watcher;
  }

  /** Opens a document, with the text of its content provider. */
  async open(uri: vscode.Uri): Promise<vscode.TextDocument> {
    const known = this.#documentAt(uri);
    if (known) return known as never;
    const document = new FakeDocument(uri);
    document.text = await this.#provided(uri);
    this.documents.push(document as never);
    events.opened.fire(document as never);
    return document as never;
  }

  /** Asks the content provider for the text again. As in the editor, only another text is a change. */
  async reload(uri: vscode.Uri): Promise<void> {
    await this.type(uri, await this.#provided(uri));
  }

  /** Replaces the text of an open document. */
  async type(uri: vscode.Uri, text: string): Promise<void> {
    const document = this.#documentAt(uri);
    if (!document || document.text === text) return;
    document.text = text;
    events.changed.fire({ document: document as never });
  }

  close(uri: vscode.Uri): void {
    const document = this.#documentAt(uri);
    if (!document) return;
    document.isClosed = true;
    this.documents = this.documents.filter((each) => each.uri.toString() !== uri.toString());
    events.closed.fire(document as never);
  }

  #documentAt(uri: vscode.Uri): FakeDocument | undefined {
    return this.documents.find((each) => each.uri.toString() === uri.toString()) as FakeDocument | undefined;
  }

  async #provided(uri: vscode.Uri): Promise<string> {
    const provider = this.providers.get(uri.scheme);
    return (await provider?.provideTextDocumentContent(uri, undefined as never)) ?? '';
  }
}

export const editor = new FakeEditor();

/** The Uri of a file, with the type of the real API. */
export function fileUri(path: string): vscode.Uri {
  return Uri.file(path) as never;
}
