import {
  EndOfLine,
  FileSystemError,
  Range,
  Selection,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type TextDocument,
  type TextEditor,
  type WorkspaceFolder,
} from 'vscode';
import type { Translator } from '../../core/common.js';
import type { ServerDefinition } from '../../core/server/definition.js';

/** Maximum wait until the editor notices that a file was written, in milliseconds. */
const maxReloadMs = 3000;

interface TextSpan {
  readonly offset: number;
  readonly length: number;
}

/** Edits for a configuration file, or the reason why it is not changed. */
type ChangedText =
  | {
      readonly edits: readonly (TextSpan & { readonly content: string })[];
      readonly range: TextSpan;
    }
  | { readonly refusal: string };

/** Knows the text format of configuration files. */
export interface ConfigurationFormat {
  /** Returns the content of a new file. */
  readonly exampleText: () => string;
  readonly withEntry: (
    text: string,
    definition: ServerDefinition,
    folder: WorkspaceFolder,
    format: { readonly insertSpaces: boolean; readonly tabSize: number; readonly eol: string },
  ) => ChangedText;
  /** Returns the range of a server's entry. */
  readonly entryRange: (text: string, definition: ServerDefinition) => TextSpan | undefined;
}

/** Opens and changes the configuration files of workspace folders. */
export class ConfigurationEditor {
  /** `path` is relative to the workspace folder. `format` loads the text format when a file is first opened. */
  constructor(
    readonly path: string,
    private readonly format: () => Promise<ConfigurationFormat>,
    private readonly l10n: Translator,
  ) {}

  /** Opens the file of a folder. A new file contains an example. */
  async open(folder: WorkspaceFolder): Promise<TextEditor> {
    const document = await this.#document(folder, (await this.format()).exampleText());
    return window.showTextDocument(document);
  }

  /** Opens the file and selects the entry of a server. */
  async show(folder: WorkspaceFolder, definition: ServerDefinition): Promise<void> {
    const editor = await this.open(folder);
    const { entryRange } = await this.format();
    select(editor, entryRange(editor.document.getText(), definition));
  }

  /**
   * Adds a server to the file, saves the file unless it had unsaved changes, and shows the entry. Returns the reason if
   * the file is not changed.
   */
  async add(folder: WorkspaceFolder, definition: ServerDefinition): Promise<string | undefined> {
    const { withEntry } = await this.format();
    const document = await this.#document(folder, '');
    const wasDirty = document.isDirty;
    const changed = withEntry(document.getText(), definition, folder, indentation(document, folder));
    if ('refusal' in changed) return changed.refusal;
    const edit = new WorkspaceEdit();
    for (const { content, ...span } of changed.edits)
      edit.replace(document.uri, rangeIn(document, span), content);
    if (!(await workspace.applyEdit(edit))) return this.l10n.t('The editor refused the change');
    if (!wasDirty && !(await document.save())) return this.l10n.t('The file could not be saved');
    select(await window.showTextDocument(document), changed.range);
    return undefined;
  }

  /** Opens the file of a folder; creates it with `text` if it does not exist. */
  async #document(folder: WorkspaceFolder, text: string): Promise<TextDocument> {
    const uri = Uri.joinPath(folder.uri, this.path);
    const isNew = !(await fileExistsAt(uri));
    if (isNew) await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const document = await workspace.openTextDocument(uri);
    if (isNew) await whenReloaded(document, text);
    return document;
  }
}

/**
 * The editor keeps the content of a deleted file for some minutes, and reads the new file when it is notified of it.
 * Resolves when the editor has read the new file, at the latest after `maxReloadMs`.
 */
async function whenReloaded(document: TextDocument, text: string): Promise<void> {
  if (document.isDirty || document.getText() === text) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
    const timer = setTimeout(done, maxReloadMs);
    const subscription = workspace.onDidChangeTextDocument((event) => {
      if (event.document === document && document.getText() === text) done();
    });
  });
}

async function fileExistsAt(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}

function indentation(
  document: TextDocument,
  folder: WorkspaceFolder,
): Parameters<ConfigurationFormat['withEntry']>[3] {
  const settings = workspace.getConfiguration('editor', { uri: folder.uri, languageId: 'jsonc' });
  const tabSize: unknown = settings.get('tabSize');
  return {
    insertSpaces: settings.get('insertSpaces') !== false,
    tabSize: typeof tabSize === 'number' ? tabSize : 2,
    eol: document.eol === EndOfLine.CRLF ? '\r\n' : '\n',
  };
}

function select(editor: TextEditor, span: TextSpan | undefined): void {
  if (!span) return;
  const range = rangeIn(editor.document, span);
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range);
}

function rangeIn(document: TextDocument, { offset, length }: TextSpan): Range {
  return new Range(document.positionAt(offset), document.positionAt(offset + length));
}
