import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { searchPath } from '../../../../src/host/launch/environment.js';
import { isStoreAlias } from '../../../../src/host/launch/executable.js';
import { programName, shortCommand } from '../../../../src/host/system/processes.js';

describe('the search for programs on Windows', () => {
  it('reads folders in quotation marks, whatever they hold', () => {
    assert.deepEqual(searchPath({ Path: String.raw`C:\a;"C:\b c;d";;C:\e" f"\g` }, true), [
      String.raw`C:\a`,
      String.raw`C:\b c;d`,
      String.raw`C:\e f\g`,
    ]);
  });

  it('takes an alias of the Store for a program, unless it only opens the Store', async () => {
    const alias = String.raw`C:\Users\me\AppData\Local\Microsoft\WindowsApps\python.exe`;
    const to = (target: string) => () => Promise.resolve(target);
    assert.deepEqual(
      [
        await isStoreAlias(alias, to(String.raw`C:\Program Files\WindowsApps\Python\python.exe`)),
        await isStoreAlias(
          alias,
          to(String.raw`C:\Program Files\WindowsApps\x\AppInstallerPythonRedirector.exe`),
        ),
        await isStoreAlias(alias, () => Promise.reject(new Error('EINVAL'))),
        await isStoreAlias(String.raw`C:\python.exe`, to('anything')),
      ],
      [true, false, false, false],
    );
  });
});

describe('the name of a program', () => {
  it('is found in a command line of Windows', () => {
    const lines = [
      String.raw`"C:\Program Files\nodejs\node.exe" server.js`,
      String.raw`C:\x\cmd.EXE /c a`,
      'System',
    ];
    assert.deepEqual(
      lines.map((line) => programName(line)),
      ['node', 'cmd', 'System'],
    );
  });

  it('is followed by its script, not by a part of its own path', () => {
    const lines = [
      String.raw`"C:\Program Files\nodejs\node.exe" "C:\my shop\server.js" --token=x`,
      String.raw`"C:\Program Files\nodejs\node.exe" --token=x`,
      '/usr/bin/node /shop/server.js',
    ];
    assert.deepEqual(lines.map(shortCommand), [
      String.raw`node C:\my shop\server.js`,
      'node',
      'node /shop/server.js',
    ]);
  });
});
