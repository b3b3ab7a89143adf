// A small stand-in for the `vscode` module, which the unit tests are bundled with. It has as much of the API as they use.
import { stat } from 'node:fs/promises';
import type * as vscode from 'vscode';
import { editor, events } from './fakeEditor.js';
import { EventEmitter, FileType, Uri } from './fakeTypes.js';

export {
  Diagnostic,
  DiagnosticSeverity,
  EventEmitter,
  ExtensionMode,
  FileType,
  MarkdownString,
  Position,
  QuickPickItemKind,
  Range,
  Selection,
  StatusBarAlignment,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
} from './fakeTypes.js';

export const version = '1.103.0';

export const l10n = {
  t: (message: string, ...args: unknown[]): string =>
    message.replaceAll(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
};

export const commands = {
  registerCommand: (id: string, handler: (...args: unknown[]) => unknown) => {
    editor.handlers.set(id, handler);
    return { dispose: () => editor.handlers.delete(id) };
  },
  executeCommand: async (id: string, ...args: unknown[]): Promise<unknown> => {
    if (editor.missingCommands.includes(id)) throw new Error(`command '${id}' not found`);
    if (id === 'setContext') editor.contexts[String(args[0])] = args[1];
    else editor.executed.push([id, ...args]);
    return editor.handlers.get(id)?.(...args);
  },
};

const ask = async (message: string, ...rest: unknown[]): Promise<unknown> => {
  editor.messages.push(message);
  const items = rest.filter((item) => typeof item === 'string' || (item as { title?: string }).title);
  const options = rest.find((item) => item instanceof Object && 'modal' in item) as
    | vscode.MessageOptions
    | undefined;
  return editor.answer(message, items, options?.detail ?? '');
};

/** A quick pick that is answered as soon as it is shown. */
class FakeQuickPick {
  items: readonly unknown[] = [];
  selectedItems: readonly unknown[] = [];
  placeholder = '';
  readonly #accepted = new EventEmitter<void>();
  readonly #hidden = new EventEmitter<void>();
  readonly #typed = new EventEmitter<string>();
  readonly onDidAccept = this.#accepted.event;
  readonly onDidHide = this.#hidden.event;
  readonly onDidChangeValue = this.#typed.event;

  show(): void {
    this.#typed.fire(editor.typed);
    const answer = editor.answer(this.placeholder, this.items);
    if (answer !== undefined) {
      this.selectedItems = [answer];
      this.#accepted.fire();
    }
    this.hide();
  }

  hide(): void {
    this.#hidden.fire();
  }

  dispose(): void {}
}

export const env = {
  language: 'en',
  clipboard: {
    writeText: async (text: string): Promise<void> => {
      editor.clipboard = text;
    },
  },
  asExternalUri: async (uri: Uri) => uri,
  openExternal: async (uri: Uri) => editor.openedExternally.push(uri.toString()) > 0,
};

export const ViewColumn = { Active: -1 };

export const window = {
  createStatusBarItem: () => {
    editor.statusBarItem = { ...editor.statusBarItem };
    return Object.assign(editor.statusBarItem, { show: () => undefined, hide: () => undefined });
  },
  createOutputChannel: () => ({
    info: (message: string) => editor.messages.push(message),
    error: (message: string) => editor.messages.push(message),
  }),
  setStatusBarMessage: (message: string) => {
    editor.messages.push(message);
    return { dispose: () => undefined };
  },
  showInformationMessage: ask,
  showWarningMessage: ask,
  showErrorMessage: ask,
  showQuickPick: async (items: readonly unknown[], options: vscode.QuickPickOptions): Promise<unknown> =>
    editor.answer(options.placeHolder ?? '', items),
  createQuickPick: () => new FakeQuickPick(),
  withProgress: (_options: unknown, task: () => Thenable<unknown>) => task(),
  showTextDocument: async (document: unknown, options: unknown): Promise<void> => {
    editor.shownDocuments.push({ document, options } as (typeof editor.shownDocuments)[number]);
  },
  get visibleTextEditors() {
    return editor.visibleEditors;
  },
};

export const TaskScope = { Workspace: 2 };

export class ShellExecution {
  constructor(
    readonly command: string,
    readonly args: readonly string[],
    readonly options: vscode.ShellExecutionOptions,
  ) {}
}

export class Task {
  constructor(
    readonly definition: vscode.TaskDefinition,
    readonly scope: number,
    readonly name: string,
    readonly source: string,
    readonly execution: ShellExecution,
  ) {}
}

export const tasks = {
  executeTask: async (task: Task) => {
    const { command, args, options } = task.execution;
    editor.executedTasks.push([options.cwd ?? '', command, ...args].join(' '));
    const execution = { task };
    setImmediate(() => {
      events.taskProcessEnded.fire({ execution, exitCode: editor.taskExitCode });
      events.taskEnded.fire({ execution });
    });
    return execution;
  },
  onDidEndTaskProcess: events.taskProcessEnded.event,
  onDidEndTask: events.taskEnded.event,
};

const settingsIn = (section: string | undefined, scope: unknown) => {
  const uri = scope instanceof Uri ? scope : (scope as { uri?: Uri } | undefined)?.uri;
  const folder = uri && workspace.getWorkspaceFolder(uri)?.name;
  return (name: string): unknown => {
    const key = section === undefined ? name : `${section}.${name}`;
    return editor.folderSettings[folder ?? '']?.[key] ?? editor.settings[key];
  };
};

export const EndOfLine = { LF: 1, CRLF: 2 };

export class FileSystemError extends Error {}

export class WorkspaceEdit {
  replace(): void {}
}

export const workspace = {
  applyEdit: () => Promise.resolve(false),
  fs: {
    stat: async ({ fsPath }: Uri) => ({
      type: (await stat(fsPath)).isFile() ? FileType.File : FileType.Directory,
    }),
  },
  get isTrusted() {
    return editor.isTrusted;
  },
  get workspaceFolders() {
    return editor.folders;
  },
  get textDocuments() {
    return editor.documents;
  },
  getConfiguration: (section?: string, scope?: unknown) => ({ get: settingsIn(section, scope) }),
  getWorkspaceFolder: ({ path }: Uri) =>
    editor.folders.find(({ uri }) => path === uri.path || path.startsWith(`${uri.path}/`)),
  createFileSystemWatcher: (glob: string) => {
    const watcher = editor.watcher(glob);
    const { created, changed, deleted } = watcher;
    return {
      onDidCreate: created.event,
      onDidChange: changed.event,
      onDidDelete: deleted.event,
      dispose: () => {
        watcher.isDisposed = true;
        for (const each of [created, changed, deleted]) each.dispose();
      },
    };
  },
  registerTextDocumentContentProvider: (scheme: string, provider: vscode.TextDocumentContentProvider) => {
    editor.providers.set(scheme, provider);
    provider.onDidChange?.((uri) => void editor.reload(uri));
    return { dispose: () => editor.providers.delete(scheme) };
  },
  openTextDocument: (uri: vscode.Uri) => editor.open(uri),
  onDidChangeConfiguration: events.configuration.event,
  onDidChangeWorkspaceFolders: events.folders.event,
  onDidGrantWorkspaceTrust: events.trust.event,
  onDidOpenTextDocument: events.opened.event,
  onDidChangeTextDocument: events.changed.event,
  onDidCloseTextDocument: events.closed.event,
};

export const languages = {
  createDiagnosticCollection: () => ({
    set: (uri: vscode.Uri, diagnostics: readonly vscode.Diagnostic[]) =>
      editor.diagnostics.set(uri.toString(), diagnostics),
    delete: (uri: vscode.Uri) => editor.diagnostics.delete(uri.toString()),
    dispose: () => editor.diagnostics.clear(),
  }),
};
