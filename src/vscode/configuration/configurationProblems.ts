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
import type { Timer } from '../../core/common.js';
import { Debouncer } from '../../core/debouncer.js';

/** What is shown in the Problems view. */
export interface ReportedProblem {
  readonly reason: string;
  /** Missing for what stands elsewhere. */
  readonly range?: { readonly offset: number; readonly length: number };
  readonly isWarning: boolean;
  /** The editor's own check of JSON tells it too, as long as the file is open. */
  readonly isForm: boolean;
}

/** Changes within so many milliseconds are one, as in the editor's own checks. */
const settleMs = 300;

/** Shows what is wrong with the configuration files of the window, also of those that nobody has opened. */
export class ConfigurationProblems implements Disposable {
  readonly #diagnostics = languages.createDiagnosticCollection('dev-servers');
  readonly #checks = new Map<string, Debouncer>();
  readonly #disposables: Disposable[];
  #onEdited: (folder: WorkspaceFolder, text: string) => void = () => undefined;
  #onClosed: (folder: WorkspaceFolder) => void = () => undefined;

  /** `path` is that of the file in its workspace folder. */
  constructor(
    private readonly path: string,
    private readonly timer: Timer,
  ) {
    this.#disposables = [
      this.#diagnostics,
      workspace.onDidOpenTextDocument((document) => this.#scheduleCheck(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#scheduleCheck(document)),
      workspace.onDidCloseTextDocument((document) => {
        const folder = this.#folderOf(document);
        if (folder) this.#onClosed(folder);
      }),
      workspace.onDidChangeWorkspaceFolders(({ removed }) => {
        for (const folder of removed) this.#diagnostics.delete(this.#uriIn(folder));
      }),
    ];
  }

  /** Calls `listener` when the text of an open file has changed, saved or not. */
  onEdited(listener: (folder: WorkspaceFolder, text: string) => void): void {
    this.#onEdited = listener;
  }

  /** Calls `listener` when the editor has closed a file, whose text on disk counts again. */
  onClosed(listener: (folder: WorkspaceFolder) => void): void {
    this.#onClosed = listener;
  }

  /** The text as the editor has it; `undefined` when the file is not open. */
  openText(folder: WorkspaceFolder): string | undefined {
    return this.#documentOf(folder)?.getText();
  }

  /** Shows what is wrong with a text, in place of what was wrong with an earlier one. */
  show(folder: WorkspaceFolder, text: string, problems: readonly ReportedProblem[]): void {
    const isOpen = this.#documentOf(folder) !== undefined;
    const starts = lineStarts(text);
    const diagnostics = problems.flatMap(({ reason, range, isWarning, isForm }) => {
      if (!range || (isForm && isOpen)) return [];
      const shownRange = rangeIn(starts, range.offset, range.offset + range.length);
      const severity = isWarning ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error;
      const diagnostic = new Diagnostic(shownRange, asSentence(reason), severity);
      diagnostic.source = 'Dev Servers';
      return diagnostic;
    });
    this.#diagnostics.set(this.#uriIn(folder), diagnostics);
  }

  dispose(): void {
    for (const check of this.#checks.values()) check.cancel();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #scheduleCheck(document: TextDocument): void {
    const folder = this.#folderOf(document);
    if (!folder) return;
    const key = folder.uri.toString();
    const check = this.#checks.get(key) ?? new Debouncer(this.timer, () => this.#check(folder));
    this.#checks.set(key, check);
    check.restart(settleMs);
  }

  #check(folder: WorkspaceFolder): void {
    const text = this.openText(folder);
    if (text !== undefined) this.#onEdited(folder, text);
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
