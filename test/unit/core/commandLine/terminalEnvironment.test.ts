import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { programInLine } from '../../../../src/core/commandLine/program.js';
import { shellEnvironmentMode } from '../../../../src/core/commandLine/shellEnvironment.js';
import { terminalEnvironment } from '../../../../src/core/commandLine/terminalEnvironment.js';

describe('The settings for the environment of terminals', () => {
  const folder = { path: '/home/me/$&/shop', name: 'shop' };

  it('add and remove variables, and may refer to the folder', () => {
    const setting = {
      PATH: '${workspaceFolder}/bin:${env:PATH}',
      NAME: '${workspaceFolderBasename}',
      NODE_OPTIONS: null,
    };
    assert.deepEqual(terminalEnvironment(setting, folder), {
      PATH: '/home/me/$&/shop/bin:${env:PATH}',
      NAME: 'shop',
      NODE_OPTIONS: null,
    });
    assert.deepEqual(terminalEnvironment({ A: '${workspaceFolder}' }, undefined), {
      A: '${workspaceFolder}',
    });
  });

  it('are read as far as they are valid', () => {
    for (const wrong of [undefined, null, 'PATH', 7, ['PATH']]) {
      assert.deepEqual(terminalEnvironment(wrong, folder), {});
    }
    const setting = { GOOD: 'x', NUMBER: 7, LIST: [], 'A=B': 'x', '': 'x', NUL: '\0' };
    assert.deepEqual(terminalEnvironment(setting, folder), { GOOD: 'x' });
  });
});

describe('The setting for the environment of the shell', () => {
  it('has three values, and counts any other value as auto', () => {
    assert.deepEqual(
      ['auto', 'always', 'never', 'Never', true, undefined].map((value) => shellEnvironmentMode(value)),
      ['auto', 'always', 'never', 'auto', 'auto', 'auto'],
    );
  });
});

describe('The program of a line', () => {
  it('is its first word that is not an assignment', () => {
    assert.deepEqual(
      ['npm run dev', ' PORT=3000 NODE_ENV=x ./bin/serve --watch', 'npx vite'].map(programInLine),
      ['npm', './bin/serve', 'npx'],
    );
  });

  it('is unknown if a shell would do more than run it', () => {
    for (const line of [
      'CALL npm run dev',
      'cd web && npm start',
      'exec npm start',
      'PATH=./bin:$PATH tool',
      '"my tool" x',
      '$TOOL run',
      '~/bin/tool',
      'Path=x tool',
      '',
    ]) {
      assert.equal(programInLine(line), undefined, line);
    }
  });
});
