import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { builtFile } from '../support/builtFile.js';
import { WindowsHost } from './support/windowsHost.js';

let host: WindowsHost;
let folder: string;

beforeEach(() => {
  host = new WindowsHost();
  folder = mkdtempSync(join(tmpdir(), 'dev-servers-test-'));
});

afterEach(async () => {
  await host.end();
  rmSync(folder, { recursive: true, maxRetries: 5 });
});

describe('the arguments of a command on Windows', () => {
  const words = [
    'a b',
    '"a b"',
    'a"b',
    '',
    'ä ✓',
    String.raw`C:\dir with blank\\`,
    '%PATH%',
    'a&b|c',
    "it's",
    '^x',
    '\t',
  ];

  it('reach a program unchanged', async () => {
    const result = join(folder, 'words.json');
    const script = `require('fs').writeFileSync(${JSON.stringify(result)}, JSON.stringify(process.argv.slice(1)))`;
    const runId = await host.start({ kind: 'argv', file: process.execPath, args: ['-e', script, ...words] });
    await host.event(runId, 'ended');
    assert.deepEqual(JSON.parse(readFileSync(result, 'utf8')), words);
  });

  it('reach a program without a terminal, if node-pty cannot be loaded', async () => {
    for (const name of ['host.js', 'node-pty'])
      cpSync(builtFile(name), join(folder, name), { recursive: true });
    const binaries = join(folder, 'node-pty', 'prebuilds', `win32-${process.arch}`);
    rmSync(binaries, { recursive: true });
    mkdirSync(binaries);
    const other = new WindowsHost(join(folder, 'host.js'));
    const result = join(folder, 'words.json');
    const script = `require('fs').writeFileSync(${JSON.stringify(result)}, JSON.stringify(process.argv.slice(1)))`;
    const runId = await other.start({ kind: 'argv', file: process.execPath, args: ['-e', script, ...words] });
    await other.event(runId, 'ended');
    assert.deepEqual(JSON.parse(readFileSync(result, 'utf8')), words);
    await other.end();
  });

  it('reach a program through a batch file, or are refused', async () => {
    const batch = join(folder, 'my tool.cmd');
    const result = join(folder, 'words.json');
    const script = join(folder, 'words.cjs');
    writeFileSync(
      script,
      `require('fs').writeFileSync(${JSON.stringify(result)}, JSON.stringify(process.argv.slice(2)))`,
    );
    writeFileSync(batch, `@"${process.execPath}" "${script}" %*\r\n`);
    const safe = ['run', 'a b', String.raw`C:\my dir\\`, 'a;b', 'a,b=c', "it's"];
    const runId = await host.start({ kind: 'argv', file: batch, args: safe });
    await host.event(runId, 'ended');
    assert.deepEqual(JSON.parse(readFileSync(result, 'utf8')), safe);
    await assert.rejects(host.start({ kind: 'argv', file: batch, args: ['%PATH%'] }), {
      reason: 'spawnFailed',
    });
  });
});

describe('a line for cmd.exe', () => {
  const lines: readonly (readonly [line: string, words: readonly string[]])[] = [
    ['"%NODE%" "%WORDS%" run "a b" plain', ['run', 'a b', 'plain']],
    ['"%NODE%" "%WORDS%" "a&b|c" "x<y>z" "50% off" "^caret"', ['a&b|c', 'x<y>z', '50% off', '^caret']],
    ['"%NODE%" "%WORDS%" a^&b ^^ "(x)" it\'s', ['a&b', '^', '(x)', "it's"]],
    ['"%NODE%" "%WORDS%" "{\\"a\\": \\"b c\\"}"', ['{"a": "b c"}']],
    ['"%NODE%" "%WORDS%" --define=x="a b" äöü✓ "C:\\my dir\\\\"', ['--define=x=a b', 'äöü✓', 'C:\\my dir\\']],
    ['cd .. && "%NODE%" "%WORDS%" after', ['after']],
    ['SET X=7&&CALL "%NODE%" "%WORDS%" done', ['done']],
    ['"%NODE%" "%WORDS%" one || echo failed', ['one']],
    ['(echo x & "%NODE%" "%WORDS%" two) > nul', ['two']],
  ];
  for (const [line, words] of lines) {
    it(`passes a program the arguments of ${line}`, async () => {
      const script = join(folder, 'print words.cjs');
      const result = join(folder, 'words.json');
      writeFileSync(
        script,
        `require('fs').writeFileSync(${JSON.stringify(result)}, JSON.stringify(process.argv.slice(2)))`,
      );
      const env = { NODE: process.execPath, WORDS: script };
      const runId = await host.start({ kind: 'shell', line }, { env });
      await host.event(runId, 'ended');
      assert.deepEqual(JSON.parse(readFileSync(result, 'utf8')), words);
    });
  }
});
