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
import type { ServerDefinition } from '../../core/server/definition.js';

/** How long the editor may take to notice that a file was written, milliseconds. */
const maxReloadMs = 3000;

interface TextSpan {
  readonly offset: number;
  readonly length: number;
}

/** What the text of a configuration file becomes, or why it is left alone. */
type ChangedText =
  | {
      readonly edits: readonly (TextSpan & { readonly content: string })[];
      readonly range: TextSpan;
    }
  | { readonly refusal: string };

/** Knows how configuration files are written. */
export interface ConfigurationFormat {
  /** What a new file says. */
  readonly exampleText: () => string;
  readonly withEntry: (
    text: string,
    definition: ServerDefinition,
    folder: WorkspaceFolder,
    format: { readonly insertSpaces: boolean; readonly tabSize: number; readonly eol: string },
  ) => ChangedText;
  /** Where the entry of a server stands. */
  readonly entryRange: (text: string, definition: ServerDefinition) => TextSpan | undefined;
}

/** Opens and changes the configuration files of workspace folders in the editor. */
export class ConfigurationEditor {
  /** `path` is that of the file in its workspace folder; how it is written is loaded when one is opened. */
  constructor(
    readonly path: string,
    private readonly format: () => Promise<ConfigurationFormat>,
  ) {}

  /** Opens the file of a folder, with an example in it when it is new. */
  async open(folder: WorkspaceFolder): Promise<TextEditor> {
    const document = await this.#document(folder, (await this.format()).exampleText());
    return window.showTextDocument(document);
  }

  /** Opens the file with the entry of a server selected. */
  async show(folder: WorkspaceFolder, definition: ServerDefinition): Promise<void> {
    const editor = await this.open(folder);
    const { entryRange } = await this.format();
    select(editor, entryRange(editor.document.getText(), definition));
  }

  /**
   * Writes a server into the file and saves it, unless it held other changes; then opens it there. Returns why the file
   * is left alone, if it is.
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
    await workspace.applyEdit(edit);
    if (!wasDirty) await document.save();
    select(await window.showTextDocument(document), changed.range);
    return undefined;
  }

  /** The file of a folder, which gets `text` when there is none. */
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
 * The editor keeps what it knew of a file for some minutes after that was deleted, and reads it again when it is told of
 * the new one. Resolves then, or soon in any case.
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
