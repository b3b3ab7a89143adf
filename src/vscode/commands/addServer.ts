import type { WorkspaceFolder } from 'vscode';
import type { Translator } from '../../core/common.js';
import type { Registry } from '../../core/registry/registry.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import { toolText } from '../../core/views/toolText.js';
import { askText } from '../display/picks.js';
import { folderNameOf } from '../workspace/workspaceFolders.js';

export interface AddServerDeps {
  readonly registry: Pick<Registry, 'current'>;
  readonly l10n: Translator;
  /** Returns the absolute path of a folder given relative to the workspace folder; `undefined` outside of it. */
  readonly pathInside: (folder: WorkspaceFolder, relative: string) => string | undefined;
}

/** Asks for the command, the name and the folder of a new server; `undefined` when the user cancels. */
export async function askForServer(
  folder: WorkspaceFolder,
  deps: AddServerDeps,
): Promise<ServerDefinition | undefined> {
  const { registry, l10n, pathInside } = deps;
  const title = l10n.t('Add Server');
  const required = (text: string) => (text.trim() === '' ? l10n.t('Enter a value.') : undefined);
  const prompt = l10n.t('Command that starts the server');
  const line = await askText({ title, prompt, example: 'npm run dev', problemOf: required });
  if (line === undefined) return undefined;
  const folderName = folderNameOf(folder);
  const taken = new Set(
    registry.current.servers
      .filter(({ definition }) => definition.folder === folderName)
      .map(({ definition }) => definition.id.slice(folderName.length + 1)),
  );
  const nameProblem = (text: string): string | undefined => {
    if (/[\p{Cc}:/\\]/u.test(text)) return l10n.t('The name must not contain a colon or a slash.');
    return taken.has(text.trim())
      ? l10n.t('Another server already uses the name "{0}".', text.trim())
      : required(text);
  };
  const draft = newServer('', line.trim(), folder, folder.uri.fsPath);
  const name = await askText({
    title,
    prompt: l10n.t('Name of the server'),
    value: freeName(toolText(draft) ?? 'server', taken),
    problemOf: nameProblem,
  });
  if (name === undefined) return undefined;
  const pathProblem = (text: string): string | undefined =>
    pathInside(folder, text.trim()) === undefined
      ? l10n.t('The folder must be inside the workspace folder.')
      : undefined;
  const relative = await askText({
    title,
    prompt: l10n.t('Folder, relative to {0}', folderName),
    value: '.',
    problemOf: pathProblem,
  });
  if (relative === undefined) return undefined;
  return newServer(
    name.trim(),
    line.trim(),
    folder,
    pathInside(folder, relative.trim()) ?? folder.uri.fsPath,
  );
}

function newServer(name: string, line: string, folder: WorkspaceFolder, cwd: string): ServerDefinition {
  const folderName = folderNameOf(folder);
  return {
    id: `${folderName}:${name}`,
    name,
    folder: folderName,
    subfolder: '',
    command: { kind: 'shell', line },
    cwd,
    env: {},
    port: undefined,
    source: 'configuration',
  };
}

/** Returns `vite`, or `vite 2` where there is one already. */
function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted} ${count}`;
  return name;
}
