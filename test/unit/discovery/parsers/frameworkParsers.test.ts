import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { FileParser } from '../../../../src/discovery/files/fileParser.js';
import { frameworkParsers } from '../../../../src/discovery/parsers/frameworkParsers.js';
import { invokeTasks, noxSessions } from '../../../../src/discovery/parsers/taskRunners/pythonTaskFiles.js';
import { tomlParsers } from '../../../../src/discovery/parsers/tomlParsers.js';
import { threadMs } from '../../../support/threadTime.js';
import { factsOf, markerFiles } from '../support/workspace.js';

const parsers: readonly FileParser[] = [
  ...frameworkParsers,
  invokeTasks,
  noxSessions,
  ...Object.values(tomlParsers),
];

/** Characters of settings that are read. */
const readSize = 256 * 1024;

describe('The parsers of frameworks', () => {
  it('cover every source', () => {
    assert.deepEqual(
      [...new Set(parsers.map(({ source }) => source))],
      `taskRunners nx django flask fastapi streamlit rails rack laravel php go java phoenix dotnet deno bun docs
       static cargo`.split(/\s+/u),
    );
  });

  it('never throw, whatever a file contains and wherever it is', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('-x', '$(id)', '"', "'", '\n', '..', ' ', '{{', 'Flask(', 'FastAPI(', '__proto__'),
    );
    const name = word.map((text) => text.replaceAll('/', '') || 'x');
    const text = fc.oneof(
      fc.array(word).map((words) => words.join('')),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.dictionary(word, word).map((tasks) => JSON.stringify({ tasks, scripts: tasks, profiles: tasks })),
      fc
        .array(word)
        .map(
          (names) =>
            '[package]\nname="x"\n[dependencies]\naxum="1"\n' +
            names.map((each) => `[[bin]]\nname=${JSON.stringify(each)}\n`).join(''),
        ),
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 4 }), text, fc.boolean(), (folders, content, isWindows) => {
        for (const { parser, path } of allPaths(folders.join('/'))) {
          const facts = factsOf(Object.fromEntries([...markerFiles, path].map((each) => [each, ''])), {
            system: isWindows ? 'windows' : 'linux',
          });
          const { servers } = parser.parse({ path, text: content }, facts);
          for (const { command } of servers) {
            assert.equal(command.kind, 'argv', `${path}: nothing of a file may reach a shell`);
            const words = command.kind === 'argv' ? [command.file, ...command.args] : [];
            assert.ok(words.every((each) => each !== '' && !/\p{Cc}/u.test(each)));
          }
        }
      }),
    );
  });

  for (const [kind, text] of Object.entries(hostileTexts())) {
    it(`are fast with ${kind}`, () => {
      for (const { parser, path } of allPaths('shop')) {
        const facts = factsOf({ [path]: text, 'go.mod': '', 'bun.lock': '' });
        const before = threadMs();
        const { servers } = parser.parse({ path, text }, facts);
        const tookMs = threadMs() - before;
        // Work of more than linear time would take minutes.
        assert.ok(tookMs < 1000, `${path}: ${tookMs} ms`);
        assert.ok(servers.length <= 50);
      }
    });
  }
});

function allPaths(folder: string): { parser: FileParser; path: string }[] {
  return parsers.flatMap((parser) =>
    parser.patterns.map((pattern) => ({ parser, path: folder === '' ? pattern : `${folder}/${pattern}` })),
  );
}

/** Returns texts of a MiB each, or as long as the largest such file that is read. */
function hostileTexts(): Record<string, string> {
  const mebibyte = (text: string) => text.repeat(Math.ceil((1024 * 1024) / text.length));
  return {
    'one long line': mebibyte('a'),
    'one long line of blanks': `app${mebibyte(' ')}`,
    'many calls': mebibyte('app = Flask(FastAPI(Bun.serve('),
    'many short lines': mebibyte('x = FastAPI\n'),
    'many beginnings of scripts': mebibyte('<script src="'),
    'many beginnings of scripts, with ends': mebibyte('<script src="src="src="src="src=">'),
    'a long line of blanks that is read': `app${' '.repeat(readSize - 3)}`,
    'deep JSON': mebibyte('[').slice(0, readSize),
    'deep objects': mebibyte('{"tasks":').slice(0, readSize),
    'deep TOML': `[package]\nname="x"\nx=${mebibyte('[')}`.slice(0, readSize),
    'deep keys of TOML': `${mebibyte('a.').slice(0, readSize - 8)}a=1`,
    'many tasks': `{"tasks":{${Array.from({ length: 15_000 }, (_, index) => `"dev:${index}":"x"`).join(',')}}}`,
    'many programs': `[package]\nname="x"\n[dependencies]\naxum="1"\n${'[[bin]]\nname="a"\n'.repeat(10_000)}`,
  };
}
