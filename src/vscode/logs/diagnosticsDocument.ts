import {
  EventEmitter,
  Uri,
  version,
  window,
  workspace,
  type Disposable,
  type TextDocumentContentProvider,
} from 'vscode';
import type { DiagnosticsData } from '../../core/views/diagnosticsReport.js';
import { documentSchemes } from './documentSchemes.js';

const documentUri = Uri.from({ scheme: documentSchemes.diagnostics, path: 'Dev Servers Diagnostics.md' });

/** Data that the editor does not provide. */
export type DiagnosticDeps = () => Promise<Omit<DiagnosticsData, 'versions' | 'settings'>>;

/** The parts of the extension's package.json that the report needs. */
export interface ExtensionManifest {
  readonly version: string;
  readonly contributes: {
    /** The sections of the settings. */
    readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

/** Read-only document with the state of the extension, rendered at each request. */
export class DiagnosticsDocument implements TextDocumentContentProvider, Disposable {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(
    private readonly facts: DiagnosticDeps,
    private readonly manifest: ExtensionManifest,
  ) {}

  async provideTextDocumentContent(): Promise<string> {
    const { diagnosticsReport } = await import('../../core/views/diagnosticsReport.js');
    return diagnosticsReport({
      ...(await this.facts()),
      versions: {
        extension: this.manifest.version,
        'VS Code': version,
        Node: process.version,
        platform: `${process.platform} ${process.arch}`,
      },
      settings: effectiveSettings(
        this.manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties)),
      ),
    });
  }

  async show(): Promise<void> {
    this.#changed.fire(documentUri);
    await window.showTextDocument(await workspace.openTextDocument(documentUri), { preview: true });
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/**
 * Returns all settings except the servers: their environments may hold secrets, and the registry's section lists them.
 */
function effectiveSettings(names: readonly string[]): Record<string, string | number | boolean> {
  const configuration = workspace.getConfiguration();
  const settings: Record<string, string | number | boolean> = {};
  for (const name of names) {
    const value: unknown = configuration.get(name);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      settings[name] = value;
  }
  return settings;
}
