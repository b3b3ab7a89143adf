import { deepEqual, equal, ok } from 'node:assert/strict';
import { basename, dirname, join } from 'node:path';
import { commands, extensions } from 'vscode';

const id = 'dev-server-registry.dev-server-registry';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('the extension in VS Code', () => {
  before(async () => {
    await extensions.getExtension(id)?.activate();
  });

  it('activates', () => {
    const extension = extensions.getExtension(id);
    ok(extension, `${id} is not installed`);
    equal(extension.isActive, true);
  });

  it('loads no more than necessary', () => {
    const folder = join(extensions.getExtension(id)?.extensionPath ?? '', 'dist');
    const loaded = Object.keys(require.cache).filter((path) => dirname(path) === folder);
    // The last one writes the command that terminals find on their PATH.
    const known = new Set(['extension.js', 'windowSocket.js', 'commandScripts.js']);
    deepEqual(
      loaded.map((path) => basename(path)).filter((name) => !known.has(name)),
      [],
    );
    ok(loaded.includes(join(folder, 'extension.js')), 'what is loaded cannot be seen');
  });

  it('registers every command it declares', async () => {
    const manifest = extensions.getExtension(id)?.packageJSON as Manifest;
    const registered = new Set(await commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    equal(missing.map(({ command }) => command).join(', '), '');
  });
});
