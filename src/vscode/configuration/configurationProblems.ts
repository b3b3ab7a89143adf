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
import { plainText } from '../../core/plainText.js';
import { Debouncer } from '../../core/debouncer.js';

/** Problem for the Problems view. */
export interface ReportedProblem {
  readonly reason: string;
  /** Missing if the problem is in another file. */
  readonly range?: { readonly offset: number; readonly length: number };
  readonly isWarning: boolean;
  /** The editor's JSON validation reports it too, while the file is open. */
  readonly isSchemaProblem: boolean;
}

/** Delay after the last change, in milliseconds, as for the editor's own diagnostics. */
const settleMs = 300;

/** Shows the problems of the window's configuration files, including those of files that are not open. */
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

  /** Calls `listener` when the text of an open file changes, saved or not. */
  onEdited(listener: (folder: WorkspaceFolder, text: string) => void): void {
    this.#onEdited = listener;
  }

  /** Calls `listener` when the editor closes a file, so that its text on disk counts again. */
  onClosed(listener: (folder: WorkspaceFolder) => void): void {
    this.#onClosed = listener;
  }

  /** Returns the text in the editor; `undefined` if the file is not open. */
  openText(folder: WorkspaceFolder): string | undefined {
    return this.#documentOf(folder)?.getText();
  }

  /** Replaces the problems of a file by those of the given text. */
  show(folder: WorkspaceFolder, text: string, problems: readonly ReportedProblem[]): void {
    const isOpen = this.#documentOf(folder) !== undefined;
    const starts = lineStarts(text);
    const diagnostics = problems.flatMap(({ reason, range, isWarning, isSchemaProblem }) => {
      if (!range || (isSchemaProblem && isOpen)) return [];
      const shownRange = rangeIn(starts, range.offset, range.offset + range.length);
      const severity = isWarning ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error;
      const diagnostic = new Diagnostic(shownRange, plainText(asSentence(reason)), severity);
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

/** Returns the offsets at which lines begin, for all line endings that the editor knows. */
function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|\r|\n/gu)].map((end) => end.index + end[0].length)];
}

function rangeIn(starts: readonly number[], start: number, end: number): Range {
  const position = (offset: number): [line: number, character: number] => {
    const line = starts.findLastIndex((lineStart) => lineStart <= offset);
    return [line, offset - (starts[line] ?? 0)];
  };
  return new Range(...position(start), ...position(end));
}

/** Elsewhere a reason may follow the name of its subject, but here it is a sentence of its own. */
function asSentence(reason: string): string {
  return reason.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
