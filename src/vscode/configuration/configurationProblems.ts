import {
  Diagnostic,
  DiagnosticSeverity,
  languages,
  Range,
  Uri,
  workspace,
  type Disposable,
  type TextDocument,
  type WorkspaceFolder,
} from 'vscode';

/** What is shown in the Problems view. */
export interface ReportedProblem {
  readonly reason: string;
  /** Missing for what stands elsewhere. */
  readonly range?: { readonly offset: number; readonly length: number };
  readonly isWarning: boolean;
  /** The editor's own check of JSON tells it too, as long as the file is open. */
  readonly isSchemaProblem: boolean;
}

/** Changes within so many milliseconds are one, as in the editor's own checks. */
const settleMs = 300;

/** Shows what is wrong with the configuration files of the window, also of those that nobody has opened. */
export class ConfigurationProblems implements Disposable {
  readonly #shown = languages.createDiagnosticCollection('dev-servers');
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #disposables: Disposable[];
  #edit: (folder: WorkspaceFolder, text: string) => void = () => undefined;
  #close: (folder: WorkspaceFolder) => void = () => undefined;

  /** `path` is that of the file in its workspace folder. */
  constructor(private readonly path: string) {
    this.#disposables = [
      this.#shown,
      workspace.onDidOpenTextDocument((document) => this.#edited(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#edited(document)),
      workspace.onDidCloseTextDocument((document) => {
        const folder = this.#folderOf(document);
        if (folder) this.#close(folder);
      }),
      workspace.onDidChangeWorkspaceFolders(({ removed }) => {
        for (const folder of removed) this.#shown.delete(this.#uriIn(folder));
      }),
    ];
  }

  /** Calls `listener` when the text of an open file has changed, saved or not. */
  onEdited(listener: (folder: WorkspaceFolder, text: string) => void): void {
    this.#edit = listener;
  }

  /** Calls `listener` when the editor has closed a file, whose text on disk counts again. */
  onClosed(listener: (folder: WorkspaceFolder) => void): void {
    this.#close = listener;
  }

  /** The text as the editor has it; `undefined` when the file is not open. */
  openText(folder: WorkspaceFolder): string | undefined {
    return this.#documentOf(folder)?.getText();
  }

  /** Shows what is wrong with a text, in place of what was wrong with an earlier one. */
  show(folder: WorkspaceFolder, text: string, problems: readonly ReportedProblem[]): void {
    const isOpen = this.#documentOf(folder) !== undefined;
    const starts = lineStarts(text);
    const shown = problems.flatMap(({ reason, range, isWarning, isSchemaProblem }) => {
      if (!range || (isSchemaProblem && isOpen)) return [];
      const place = rangeIn(starts, range.offset, range.offset + range.length);
      const severity = isWarning ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error;
      const diagnostic = new Diagnostic(place, asSentence(reason), severity);
      diagnostic.source = 'Dev Servers';
      return diagnostic;
    });
    this.#shown.set(this.#uriIn(folder), shown);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #edited(document: TextDocument): void {
    const key = document.uri.toString();
    const folder = this.#folderOf(document);
    if (!folder) return;
    clearTimeout(this.#timers.get(key));
    const tell = (): void => {
      this.#timers.delete(key);
      if (!document.isClosed) this.#edit(folder, document.getText());
    };
    this.#timers.set(key, setTimeout(tell, settleMs));
  }

  #folderOf({ uri }: TextDocument): WorkspaceFolder | undefined {
    const key = uri.toString();
    return workspace.workspaceFolders?.find((folder) => this.#uriIn(folder).toString() === key);
  }

  #documentOf(folder: WorkspaceFolder): TextDocument | undefined {
    const key = this.#uriIn(folder).toString();
    return workspace.textDocuments.find(({ uri, isClosed }) => !isClosed && uri.toString() === key);
  }

  #uriIn(folder: WorkspaceFolder): Uri {
    return Uri.joinPath(folder.uri, this.path);
  }
}

/** Offsets at which lines begin, by the ends of lines that the editor knows. */
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/gu)].map((end) => end.index + end[0].length)];
}

function rangeIn(starts: readonly number[], start: number, end: number): Range {
  const position = (offset: number): [line: number, character: number] => {
    const line = starts.findLastIndex((begin) => begin <= offset);
    return [line, offset - (starts[line] ?? 0)];
  };
  return new Range(...position(start), ...position(end));
}

/** A reason may stand behind the name of what it is about; here it stands alone. */
function asSentence(reason: string): string {
  return reason.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
