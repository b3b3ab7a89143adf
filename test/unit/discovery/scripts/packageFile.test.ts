import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { parsePackageFile } from '../../../../src/discovery/scripts/packageFile.js';
import { agentFromPackageJson } from '../../../../src/discovery/scripts/packageManager.js';
import { english } from '../support/fakes.js';

describe('A package.json', () => {
  it('yields its scripts that serve', () => {
    assert.deepEqual(
      parsePackageFile('{"scripts":{"serve":"serve -l 3000","dev":" vite "}}', english).scripts,
      [
        { name: 'dev', body: ' vite ', others: [] },
        { name: 'serve', body: 'serve -l 3000', others: [] },
      ],
    );
  });

  it('may have no scripts', () => {
    assert.deepEqual(parse('{"name":"shop"}'), { name: 'shop', scripts: [], problems: [] });
  });

  for (const text of ['null', '[]', '"dev"', '7']) {
    it(`is not ${text}`, () => {
      assert.deepEqual(parse(text), {
        scripts: [],
        problems: ['It is not a JSON object.'],
      });
    });
  }

  for (const scripts of ['null', '[]', '"vite"', '7']) {
    it(`is used although its scripts are ${scripts}`, () => {
      const text = `{"packageManager":"yarn@4.1.0","scripts":${scripts}}`;
      assert.deepEqual(
        { ...parse(text), agent: agentFromPackageJson(text) },
        { scripts: [], problems: ['"scripts" is not an object.'], agent: 'yarn' },
      );
    });
  }

  it('leaves out scripts without a command, and reports only those that look like servers', () => {
    assert.deepEqual(parse('{"scripts":{"dev":["vite"],"//":["a comment"],"serve":" ","start":"node ."}}'), {
      scripts: ['start'],
      problems: [
        'The script "dev" was ignored: its command is not a string.',
        'The script "serve" was ignored: its command is empty.',
      ],
    });
  });

  it('leaves out scripts whose names a package manager would interpret', () => {
    const names = ['--dev', '../dev', '/dev/', 'dev:*', 'dev\nserve', 'dev\0', `dev:${'x'.repeat(200)}`];
    const scripts = Object.fromEntries(names.map((name) => [name, 'vite']));
    assert.deepEqual(parse(JSON.stringify({ scripts })), {
      scripts: [],
      problems: [
        'The script "--dev" was ignored: it starts with a dash, so it would be read as an option.',
        'The script "../dev" was ignored: it starts with a dot or a slash, so it would be read as a file.',
        'The script "/dev/" was ignored: it starts with a dot or a slash, so it would be read as a file.',
        'The script "dev:*" was ignored: it contains an asterisk, so it would be read as a pattern.',
        String.raw`The script "dev\nserve" was ignored: it contains a control character.`,
        String.raw`The script "dev\u0000" was ignored: it contains a control character.`,
        `The script "dev:${'x'.repeat(74)}… was ignored: it is longer than 200 characters.`,
      ],
    });
  });

  it('may use script names that only a shell would interpret', () => {
    const names = [
      'dev; rm -rf ~',
      'dev $(id)',
      'dev `id`',
      'dev "web"',
      "dev 'web'",
      'dev && start',
      'dev|web',
      'dev web',
    ];
    const scripts = Object.fromEntries(names.map((name) => [name, 'vite']));
    assert.deepEqual(parse(JSON.stringify({ scripts })), { scripts: names, problems: [] });
  });

  it('lists its servers with the most usual names first', () => {
    const many = Array.from({ length: 250 }, (_, index) => `dev:${index}`);
    const scripts = Object.fromEntries([...many, 'dev'].map((name) => [name, 'vite']));
    assert.deepEqual(parse(JSON.stringify({ scripts })), { scripts: ['dev', ...many], problems: [] });
  });

  it('may have 10,000 scripts, of which the first 1,000 are read', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `dev:${index}`);
    const { scripts, problems } = parse(
      JSON.stringify({ scripts: Object.fromEntries(names.map((name) => [name, 'run-p dev:*'])) }),
    );
    assert.deepEqual(
      [scripts.length, problems],
      [1000, ['It has 10000 scripts; only the first 1000 are read.']],
    );
  });

  it('does no harm with keys that have a meaning in JavaScript', () => {
    const text =
      '{"__proto__":{"scripts":{"dev":"x"},"packageManager":"bun"},"scripts":{"__proto__":{"dev":"x"},"constructor":"x","serve":"x"}}';
    assert.deepEqual(parse(text), { scripts: ['serve'], problems: [] });
    assert.equal(Object.hasOwn(Object.prototype, 'dev'), false);
  });

  it('names its package manager in one of two ways', () => {
    const files = [
      { packageManager: 'pnpm@9.1.0+sha512.0123' },
      { packageManager: '^yarn@4.0.0' },
      { packageManager: 'npm' },
      { devEngines: { packageManager: { name: 'bun', version: '>=1' } } },
      { packageManager: 'rm -rf ~@1', devEngines: { packageManager: { name: 'yarn' } } },
      { packageManager: 'toString' },
      { packageManager: 7, devEngines: [] },
    ];
    assert.deepEqual(
      files.map((file) => agentFromPackageJson(JSON.stringify(file))),
      ['pnpm', 'yarn', 'npm', 'bun', 'yarn', undefined, undefined],
    );
  });

  it('never causes an exception, whatever it contains', () => {
    const scripts = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('dev', '__proto__', '-dev')),
      fc.jsonValue(),
    );
    const json = fc.oneof(fc.jsonValue(), fc.record({ scripts, packageManager: fc.jsonValue() }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          json.map((value) => JSON.stringify(value)),
        ),
        (text) => {
          const parsed = parse(text);
          assert.ok(parsed.scripts.every((name) => !name.startsWith('-') && !/\p{Cc}/u.test(name)));
        },
      ),
    );
  });

  it('may be nested as deeply as its size allows', () => {
    const { problems, ...rest } = parse('['.repeat(1024 * 1024));
    assert.deepEqual({ ...rest, count: problems.length }, { scripts: [], count: 1 });
  });
});

/** Parses a file; its scripts appear by name only. */
function parse(text: string) {
  const { scripts, ...rest } = parsePackageFile(text, english);
  return { ...rest, scripts: scripts.map(({ name }) => name) };
}
