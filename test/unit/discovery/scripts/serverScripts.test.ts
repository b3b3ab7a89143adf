import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { CommandClassifier } from '../../../../src/discovery/scripts/classifyCommand.js';
import { isServerScript, scriptRank } from '../../../../src/discovery/scripts/serverScripts.js';

const servers = `
  dev start serve preview develop server storybook devserver runserver
  dev:api dev:web dev-server dev_server dev.web start:web start:prod start:debug start:dev serve:ssr:shop
  web:dev api:start docs:preview tauri:dev electron-dev apps/web:dev @shop/web:dev
  watch:serve start-storybook storybook:dev json-server startDev devServer START
  preview:prod poster:dev presentation:start premium:serve
`;

const others = `
  build test lint format watch deploy web api docs device restart reserve observer startup-time
  build:dev build-storybook storybook:build buildServer preview:build server:build bundle:dev compile:server
  test:watch start:test test:dev test:server dev:e2e cypress:start playwright:serve lint:dev format:dev check:dev
  watch-css dev:css dev:types tsc:server typecheck:dev codegen:dev
  install:dev deploy:preview publish:dev db:migrate:dev seed:dev reset:dev prepare:dev
  stop server:stop dev:stop dev:logs kill:server clean:dev
  prestart postdev predev:api prestart:web postserve preserve pre:dev post-start predeploy prebuild:dev
`;

describe('Server scripts', () => {
  it('are scripts with a word for a server', () => {
    assert.deepEqual(classified(servers), all(servers, true));
  });

  it('do not build, test, watch, lint or act as hooks', () => {
    assert.deepEqual(classified(others), all(others, false));
  });

  it('are not hooks of another script of the package, whatever its name is', () => {
    const siblings = new Set(['web:dev', 'preweb:dev', 'view', 'preview']);
    assert.deepEqual(
      ['preweb:dev', 'web:dev', 'preadmin:dev', 'preview'].map((name) => isServer(name, siblings)),
      [false, true, true, true],
    );
  });

  it('are recognized without errors for empty, odd and long names', () => {
    const names = [
      '',
      ':',
      '--',
      'pre',
      'post',
      'dev '.repeat(10),
      '🚀 dev',
      'dév',
      `${'a'.repeat(100_000)}:dev`,
    ];
    assert.deepEqual(
      names.map((name) => isServer(name, new Set(names))),
      [false, false, false, false, false, true, true, false, true],
    );
  });

  it('are ranked with the most usual names first', () => {
    const names = ['preview', 'storybook', 'develop', 'serve', 'dev:api', 'start', 'dev'];
    assert.deepEqual(
      names.toSorted((one, other) => scriptRank(one) - scriptRank(other)),
      ['dev', 'start', 'serve', 'develop', 'preview', 'storybook', 'dev:api'],
    );
  });
});

/** Classifies by the name alone, with an unknown command. */
function isServer(name: string, siblings: ReadonlySet<string>): boolean {
  return isServerScript(name, siblings, new CommandClassifier(new Map([[name, 'node .']])));
}

function classified(names: string): Record<string, boolean> {
  return Object.fromEntries(split(names).map((name) => [name, isServer(name, new Set([name]))]));
}

function all(names: string, verdict: boolean): Record<string, boolean> {
  return Object.fromEntries(split(names).map((name) => [name, verdict]));
}

function split(names: string): string[] {
  return names.trim().split(/\s+/u);
}
