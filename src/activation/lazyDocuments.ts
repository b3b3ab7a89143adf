import { EventEmitter, workspace, type Disposable, type TextDocumentContentProvider, type Uri } from 'vscode';
type Documents = Required<Pick<TextDocumentContentProvider, 'onDidChange' | 'provideTextDocumentContent'>>;

/**
 * Content provider for documents that may be open since an earlier session. The real provider is loaded with the first
 * document.
 */
export class LazyDocuments implements TextDocumentContentProvider, Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration: Disposable;
  #isFollowed = false;

  constructor(
    scheme: string,
    private readonly load: () => Promise<Documents>,
  ) {
    this.#registration = workspace.registerTextDocumentContentProvider(scheme, this);
  }

  readonly provideTextDocumentContent: TextDocumentContentProvider['provideTextDocumentContent'] = async (
    uri,
    token,
  ) => {
    const documents = await this.load();
    if (!this.#isFollowed) documents.onDidChange((changed) => this.#changed.fire(changed));
    this.#isFollowed = true;
    return documents.provideTextDocumentContent(uri, token);
  };

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
