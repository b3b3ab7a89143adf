import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { FileParser } from '../../../../src/discovery/files/fileParser.js';
import { configured, discoveryOf, drawn, FakeFiles } from '../support/fakes.js';

const good = { 'good/package.json': { scripts: { dev: 'vite' } } };
const goodServer = 'shop/good:dev › npm run dev';
const large = 250 * 1024;

/** Repeats the unit up to the size of the largest file that is parsed. */
const filled = (unit: string): string => unit.repeat(Math.floor(large / unit.length));

async function found(files: ConstructorParameters<typeof FakeFiles>[0], search?: readonly string[]) {
  const fake = new FakeFiles(files);
  if (search) fake.search = () => Promise.resolve(search);
  const discovery = discoveryOf(fake);
  await discovery.update();
  return drawn(discovery.discovery);
}

describe('bounds of discovery', () => {
  const rules: Readonly<Record<string, readonly [text: string | Error, problem: string | undefined]>> = {
    'a line of 60,000 characters': ['a'.repeat(60_000), 'It has 1 rules; only 0 are applied.'],
    '60,000 wildcards': ['a*'.repeat(30_000), 'It has 1 rules; only 0 are applied.'],
    '20,000 rules': [
      Array.from({ length: 20_000 }, (_, index) => `a${index}*b*c`).join('\n'),
      'It has 20000 rules; only 1000 are applied.',
    ],
    'a rule that takes exponential time': [`${'*a'.repeat(400)}b`, undefined],
    'brackets without an end': ['['.repeat(900), undefined],
    'a range that is none': ['[z-a]\n[]-[]\n[[:alpha:]]\n[!]\n[^]', undefined],
    backslashes: [`${'\\'.repeat(899)}\n\\\n!\\\n\\!`, undefined],
    'only exclamation marks': ['!\n!!\n!/\n!!!!', undefined],
    slashes: ['/\n//\n///\n/**/\n**/**/**', undefined],
    'control characters': ['\u0000\u0001\n\u001B[2J\n\u202E', undefined],
    'lone surrogates': ['\uD800\n\uDC00*', undefined],
    'syntax of regular expressions': ['(?<a>\n(a+)+$\n{1,99999}\n(?=\n\\p{L}\n$^', undefined],
    'more than 256 KiB': ['a\n'.repeat(200_000), 'It is larger than 256 KiB.'],
    'no right to read it': [new Error('EACCES'), 'It cannot be read: EACCES'],
  };
  for (const [name, [text, problem]] of Object.entries(rules)) {
    it(`apply to a .gitignore with ${name}`, async () => {
      const long = `${'a'.repeat(250)}/package.json`;
      const lines = await found({
        ...good,
        [long]: { scripts: { dev: 'vite' } },
        'bad/.gitignore': '',
        'a/.gitignore': text,
      });
      assert.equal(lines.includes(goodServer), true);
      assert.deepEqual(
        lines.filter((line) => line.startsWith('!')),
        problem === undefined ? [] : [`! a/.gitignore: ${problem}`],
      );
    });
  }

  it('exclude rules that take too long, and keep those of other folders', async () => {
    const files = new FakeFiles({
      ...good,
      'slow/.gitignore': 'dev',
      'slow/package.json': { scripts: { dev: 'vite' } },
      'out/package.json': { scripts: { dev: 'vite' } },
      '.gitignore': 'out',
    });
    let calls = 0;
    const runBounded = <Result>(work: () => Result): Result => {
      calls += 1;
      // The rules at the top are applied first.
      if (calls > 1) throw new Error('time-out');
      return work();
    };
    const discovery = discoveryOf(files, { runBounded });
    await discovery.update();
    assert.deepEqual(drawn(discovery.discovery), [
      goodServer,
      'shop/slow:dev › npm run dev',
      '! slow/.gitignore: Its rules take too long to evaluate and are not applied.',
    ]);
  });

  it('read a few .gitignore files at a time, and let other events have their turn after each', async () => {
    const paths = Array.from({ length: 100 }, (_, index) => `${index}/.gitignore`);
    const files = new FakeFiles({ ...good, ...Object.fromEntries(paths.map((path) => [path, 'dev'])) });
    let turns = 0;
    const turnsAtRead: number[] = [];
    const read = files.read.bind(files);
    files.read = (path, maxBytes) => {
      if (path.endsWith('.gitignore')) turnsAtRead.push(turns);
      return read(path, maxBytes);
    };
    const next = (): Promise<void> => {
      turns += 1;
      return Promise.resolve();
    };
    // No time passes, so that only the search for ignored files gives up its turn.
    const discovery = discoveryOf(files, { turns: { now: () => 0, next } });
    await discovery.update();
    assert.deepEqual([turnsAtRead.length, (turnsAtRead.at(-1) ?? 0) >= 80], [100, true]);
    assert.deepEqual(drawn(discovery.discovery), [goodServer]);
  });

  const texts: Readonly<Record<string, string>> = {
    zeros: `{"configurations":[${filled('0,')}0],"tasks":[${filled('0,')}0]}`.slice(0, large),
    objects: `{"configurations":[${filled('{},')}`,
    tasks: `{"tasks":[${filled('{"isBackground":true,"type":1},')}{}]}`,
    junk: filled('@'),
    words: filled('a '),
    braces: filled('{'),
    brackets: filled('['),
    quotes: filled('"'),
    commas: `[${filled(',')}]`,
    comments: filled('/**/'),
    colons: filled(': '),
    lines: filled('x\n'),
    nul: filled('\u0000'),
    surrogates: filled('\uD800'),
    'deep objects': filled('{"a":'),
    'a name of a prototype':
      '{"configurations":[{"__proto__":{"name":"x"}},{"name":"__proto__"}],"tasks":{"__proto__":1}}',
    'more than 256 KiB': 'x'.repeat(300 * 1024),
  };
  for (const [name, text] of Object.entries(texts)) {
    it(`apply to tasks, launch configurations, Procfiles and packages of ${name}`, async () => {
      const lines = await found({
        ...good,
        '.vscode/tasks.json': text,
        '.claude/launch.json': text,
        Procfile: text,
        'bad/package.json': text,
      });
      assert.equal(lines.includes(goodServer), true);
      assert.equal(lines.length < 500, true, `${lines.length} lines`);
    });
  }

  it('keep a hundred problems of a file and a thousand of a folder, and count the others', async () => {
    const scripts = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`dev:${index}`, '']));
    const one = await found({ 'package.json': { scripts } });
    assert.deepEqual([one.length, one.at(-1)], [101, '! package.json: There are 800 more problems.']);
    const many = await found(
      Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`${index}/package.json`, { scripts }])),
    );
    assert.deepEqual([many.length, many.at(-1)], [1001, '! shop: There are 4050 more problems.']);
  });

  const configurations: Readonly<Record<string, string>> = {
    'unknown properties': `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":0`).join(',')}}`,
    'wrong groups': `{"groups":{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":0`).join(',')}}}`,
    'members without a server': `{"groups":{"a":[${'"q",'.repeat(200_000)}"q"]}}`,
    dependencies: `{"servers":[{"id":"a","command":"x","dependsOn":[${'"q",'.repeat(200_000)}"q"]}]}`,
    references: `{"servers":[{"id":"a","command":"${'${port:q}'.repeat(100_000)}"}]}`,
    'files of variables': `{"servers":[{"id":"a","command":"x","envFile":[${'"q",'.repeat(200_000)}"q"]}]}`,
    numbers: `{"servers":[${'0,'.repeat(400_000)}0]}`,
    'unknown characters': '\n@'.repeat(400_000),
  };
  for (const [name, text] of Object.entries(configurations)) {
    it(`apply to a configuration of many ${name}`, async () => {
      const { problems } = await configured({ text });
      assert.equal(problems.length > 0 && problems.length <= 101, true, `${problems.length} problems`);
    });
  }

  it('find the same in a file regardless of the files that were parsed before', async () => {
    /** Follows the file that each text names, up to the last one. */
    const chain: FileParser = {
      source: 'procfile',
      patterns: ['*.first'],
      parse: ({ text }, facts) => {
        let end: string | undefined = text;
        while (end !== undefined && end !== 'last') end = facts.text(end);
        const servers = [{ name: 'chain', command: { kind: 'argv', file: 'serve', args: [] } } as const];
        return { servers: end === 'last' ? servers : [], problems: [] };
      },
    };
    const links = Array.from({ length: 12 }, (_, index) => [`${index}.link`, `${index + 1}.link`]);
    const files = { ...Object.fromEntries(links), '12.link': 'last', 'long.first': '0.link' };
    const alone = discoveryOf(new FakeFiles(files), { parsers: [chain] });
    await alone.update();
    const both = discoveryOf(new FakeFiles({ ...files, 'short.first': '6.link' }), { parsers: [chain] });
    await both.update();
    const filesWithServers = both.discovery.definitions.map(({ file }) => file);
    assert.deepEqual(alone.discovery.definitions, []);
    assert.deepEqual(filesWithServers, ['short.first']);
  });

  it('report a configuration that cannot be read', async () => {
    const { problems } = await configured({ file: { kind: 'unreadable', reason: 'EACCES' } });
    assert.deepEqual(problems, [{ file: '.vscode/dev-servers.json', reason: 'It cannot be read: EACCES.' }]);
  });
});
