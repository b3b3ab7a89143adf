import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { otherScripts } from '../../../../src/discovery/scripts/otherScripts.js';

const others = (scripts: Readonly<Record<string, string>>): string[] =>
  otherScripts('dev', new Map(Object.entries(scripts))).map(([name]) => name);

describe('the scripts that run with one', () => {
  it('are its hooks, the scripts that its line mentions, and their hooks', () => {
    const cases: readonly (readonly [scripts: Readonly<Record<string, string>>, names: readonly string[]])[] =
      [
        [{ dev: 'vite', build: 'tsc' }, []],
        [{ dev: 'vite', predev: 'a', postdev: 'b', prebuild: 'c' }, ['predev', 'postdev']],
        [{ dev: 'npm run build && vite', build: 'tsc', prebuild: 'rm x' }, ['build', 'prebuild']],
        [{ dev: 'npm run "build";vite', build: 'x' }, ['build']],
        [{ dev: 'run-p dev:*', 'dev:a': 'a', 'dev:b': 'npm run c', c: 'c' }, ['dev:a', 'dev:b', 'c']],
        [{ dev: "concurrently 'npm:api' 'pnpm:web'", api: 'a', web: 'b' }, ['api', 'web']],
        [{ dev: '(yarn build)|vite', build: 'x' }, ['build']],
        [{ dev: 'npm run dev', predev: 'npm run dev' }, ['predev']],
      ];
    assert.deepEqual(
      cases.map(([scripts]) => others(scripts)),
      cases.map(([, names]) => names),
    );
  });

  it('are found in a bounded time', () => {
    const scripts = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`s${n}`, 's* '.repeat(20)]));
    assert.ok(others({ ...scripts, dev: 's* '.repeat(1000) }).length <= 2000);
  });
});
