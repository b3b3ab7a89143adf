import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  commands,
  DiagnosticSeverity,
  languages,
  Position,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type CompletionList,
  type Hover,
  type MarkdownString,
} from 'vscode';
import type { TestHooks } from '../../src/composition/extensionRuntime.js';
import { until } from '../support/processes.js';
import { activeApi, stateOf, stopAll } from './support/servers.js';

const program = JSON.stringify(process.execPath);
const server = `require('http').createServer((_, a) => a.end('hi')).listen(process.env.PORT ?? 0, '127.0.0.1')`;

describe('the configuration file of a folder', () => {
  let api: TestHooks;
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const path = join(folder, '.vscode', 'dev-servers.json');
  const uri = Uri.file(path);

  /** The editor keeps the content of an opened file for some minutes, and reads it again when the file changes. */
  const write = async (text: string): Promise<void> => {
    await mkdir(join(folder, '.vscode'), { recursive: true });
    await writeFile(path, text);
    await until('the editor has read the file', () =>
      workspace.textDocuments.every((each) => each.uri.fsPath !== path || each.getText() === text),
    );
  };
  const problems = (): string[] =>
    languages
      .getDiagnostics(uri)
      .filter(({ source }) => source === 'Dev Servers')
      .map(({ message, range, severity }) => {
        const place = `${range.start.line}:${range.start.character}-${range.end.line}:${range.end.character}`;
        return `${place} ${DiagnosticSeverity[severity]} ${message}`;
      });
  const configured = (): string[] =>
    api.registry.current.servers
      .filter(({ definition }) => definition.source === 'configuration')
      .map(({ definition }) => definition.id);

  before(async () => {
    api = await activeApi();
  });
  afterEach(async () => {
    await stopAll(api);
    // The command is for the active editor. One that is not saved would be saved when all are closed.
    for (const document of workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await window.showTextDocument(document);
      await commands.executeCommand('workbench.action.files.revert');
      await until('what is on the disk', () => !document.isDirty);
    }
    await commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path, { force: true });
    await commands.executeCommand('devServers.refresh');
    const isBack = existsSync(path);
    assert.deepEqual([configured(), problems(), isBack], [[], [], false]);
  });

  it('shows its problems at their positions, even if it is not open', async () => {
    await write(
      [
        '{',
        '  // all kinds of faults',
        '  "servers": [',
        '    { "id": "good", "command": "true", "envFile": ".env" },',
        '    { "id": "good", "command": "true" },',
        '    { "id": "bad", "command": 7 },',
        '    { "id": "away", "command": "true", "cwd": "../.." },',
        '    { "id": "a", "command": "true", "dependsOn": ["b"] },',
        '    { "id": "b", "command": "x ${port:a} ${url:ghost}" }',
        '  ]',
        '}',
      ].join('\n'),
    );
    await commands.executeCommand('devServers.refresh');
    assert.deepEqual(configured(), ['workspace:good', 'workspace:a', 'workspace:b']);
    assert.deepEqual(problems().toSorted(), [
      '3:50-3:56 Warning The file .env does not exist.',
      '4:12-4:18 Error Duplicate "id".',
      '5:30-5:31 Error "command" must be a string.',
      '6:46-6:53 Error "cwd" is outside the workspace folder.',
      '7:49-7:50 Error It depends on itself: a → b → a.',
      '8:46-8:53 Error There is no server "ghost".',
    ]);
  });

  it('leaves violations of the schema to the editor while it is open', async () => {
    await write('{ "servers": [{ "id": "a", "command": "true", "restart": "often", "autostart": true }] }');
    await commands.executeCommand('devServers.refresh');
    const ours = '0:57-0:64 Error "restart" must be one of never, on-failure, always.';
    assert.deepEqual(problems(), [ours, '0:66-0:77 Error "autostart" is not a known property.']);
    await window.showTextDocument(await workspace.openTextDocument(uri));
    const theirs = () => languages.getDiagnostics(uri).filter(({ source }) => source !== 'Dev Servers');
    await until('the problems of the schema', () => theirs().length === 2);
    await until('no others', () => problems().length === 0);
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is created from a detected server, with the new entry selected', async () => {
    await commands.executeCommand('devServers.saveAsConfiguration', 'workspace/apps/web:dev');
    const text = await readFile(path, 'utf8');
    assert.deepEqual(JSON.parse(text), {
      servers: [{ id: 'apps/web:dev', name: 'dev', script: 'dev', cwd: 'apps/web' }],
    });
    const editor = window.activeTextEditor;
    assert.deepEqual(
      JSON.parse(editor?.document.getText(editor.selection) ?? ''),
      JSON.parse(text).servers[0],
    );
    await commands.executeCommand('devServers.refresh');
    const { definition } = api.registry.get('workspace/apps/web:dev');
    assert.deepEqual(
      [definition.source, definition.subfolder, definition.command],
      ['configuration', 'apps/web', { kind: 'argv', file: 'npm', args: ['run', 'dev'] }],
    );
  });

  it('is read when it appears and when it changes', async () => {
    await write('{ "servers": [{ "id": "one", "command": "true" }] }');
    await until('the server', () => configured().join() === 'workspace:one');
    await write('{ "servers": [{ "id": "two", "command": "true" }] }');
    await until('the other server', () => configured().join() === 'workspace:two');
    await rm(path);
    await until('no server', () => configured().length === 0);
  });

  it('updates its problems before it is saved', async () => {
    await write('{ "servers": [{ "id": "a", "command": "true" }] }');
    await commands.executeCommand('devServers.refresh');
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document);
    assert.equal(document.languageId, 'jsonc');
    const edit = new WorkspaceEdit();
    edit.insert(uri, document.positionAt(44), ', "dependsOn": ["b"]');
    await workspace.applyEdit(edit);
    await until('the problem', () => problems().join() === '0:60-0:63 Error There is no server "b".');
    assert.deepEqual([document.isDirty, configured()], [true, ['workspace:a']]);
    await commands.executeCommand('undo');
    await until('no problem', () => problems().length === 0);
  });

  it('is completed and explained by the editor', async () => {
    await write('{ "servers": [{ "id": "a", "command": "true",  }] }');
    await window.showTextDocument(await workspace.openTextDocument(uri));
    const labels = async (): Promise<string[]> => {
      const place = new Position(0, 46);
      const list = await commands.executeCommand<CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        place,
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    await until('the completion', async () => (await labels()).includes('dependsOn'));
    const hovers = await commands.executeCommand<Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      new Position(0, 30),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((each) => (each as MarkdownString).value))
      .join('\n');
    assert.match(text, /Command that starts the server/);
  });

  it('keeps its comments when a server is added, and stays unsaved if it was', async () => {
    await write('{\n  // mine\n  "servers": [\n    { "id": "a", "command": "true" } // why\n  ]\n}\n');
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document);
    const edit = new WorkspaceEdit();
    edit.insert(uri, new Position(6, 0), '// unsaved\n');
    await workspace.applyEdit(edit);
    await commands.executeCommand('devServers.saveAsConfiguration', 'workspace/apps/api:dev');
    assert.equal(
      document.getText(),
      '{\n  // mine\n  "servers": [\n    { "id": "a", "command": "true" },\n    {\n      "id": "apps/api:dev",\n' +
        '      "name": "dev",\n      "script": "dev",\n      "cwd": "apps/api"\n    } // why\n  ]\n}\n// unsaved\n',
    );
    assert.equal(document.isDirty, true);
  });

  it('is not changed if it is invalid', async () => {
    const text = '{ "servers": [ ';
    await write(text);
    await commands.executeCommand('devServers.saveAsConfiguration', 'workspace/apps/api:dev');
    assert.equal(await readFile(path, 'utf8'), text);
    await commands.executeCommand('notifications.clearAll');
  });

  it('is opened at the entry of a server', async () => {
    await write('{ "servers": [{ "id": "a", "command": "true" }, { "id": "b", "command": "true" }] }');
    await until('the servers', () => configured().length === 2);
    await commands.executeCommand('devServers.configure', 'workspace:b');
    await until('the selection', () => window.activeTextEditor?.selection.isEmpty === false);
    assert.deepEqual(
      window.activeTextEditor?.document.getText(window.activeTextEditor.selection),
      '{ "id": "b", "command": "true" }',
    );
  });

  it('shows the setting of a server that is written there', async () => {
    const configuration = workspace.getConfiguration('devServers');
    await configuration.update('servers', [{ id: 'mine', command: 'true' }], false);
    try {
      await commands.executeCommand('devServers.refresh');
      await commands.executeCommand('devServers.configure', 'workspace:mine');
      await until(
        'the settings',
        () => window.activeTextEditor?.document.uri.path.endsWith('/settings.json') === true,
      );
    } finally {
      await commands.executeCommand('workbench.action.closeAllEditors');
      await configuration.update('servers', undefined, false);
    }
  });

  it('passes ports and addresses of other servers, and no value to the shell as code', async () => {
    const marker = join(folder, 'touched');
    const api1 = { id: 'api', command: process.execPath, args: ['-e', server] };
    const nasty = `$(touch ${marker})`;
    await write(
      JSON.stringify({
        servers: [
          api1,
          {
            id: 'web',
            command: `${program} -e "console.log(process.argv[1], process.argv[2], process.env.API); ${server}" \${url:api} \${env:NASTY}`,
            env: { API: 'port ${port:api}' },
            ready: { log: 'port' },
          },
        ],
      }),
    );
    process.env['NASTY'] = nasty;
    try {
      await commands.executeCommand('devServers.refresh');
      await commands.executeCommand('devServers.start', 'workspace:api');
      const ready = await stateOf(api, 'workspace:api', 'ready');
      const address = (ready.endpoint?.url ?? '').replace(/\/$/, '');
      const { definition } = api.registry.get('workspace:web');
      await commands.executeCommand('devServers.start', 'workspace:web');
      await stateOf(api, 'workspace:web', 'ready');
      const { text = '' } = (await api.processes.logs.tail(definition)) ?? {};
      assert.ok(text.includes(`${address} ${nasty} port ${new URL(address).port}`), text);
      assert.equal(existsSync(marker), false);
    } finally {
      delete process.env['NASTY'];
    }
  });
});
