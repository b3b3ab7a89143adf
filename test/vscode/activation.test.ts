import { equal, ok } from 'node:assert/strict';
import { commands, extensions } from 'vscode';

const id = 'dev-server-registry.dev-server-registry';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('the extension in VS Code', () => {
  it('activates', async () => {
    const extension = extensions.getExtension(id);
    ok(extension, `${id} is not installed`);
    await extension.activate();
    equal(extension.isActive, true);
  });

  it('registers every command it declares', async () => {
    const manifest = extensions.getExtension(id)?.packageJSON as Manifest;
    const registered = new Set(await commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    equal(missing.map(({ command }) => command).join(', '), '');
  });
});
