import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { commandText, serverTitle, type ServerDefinition } from '../../../src/core/server/definition.js';
import { plainText } from '../../../src/core/plainText.js';
import { ServerError } from '../../../src/core/server/errors.js';
import { parsersFor } from '../../../src/discovery/allParsers.js';
import { problemText, readConfiguration } from '../../../src/discovery/configuration/configuration.js';
import { insertEntry } from '../../../src/discovery/configuration/configurationText.js';
import { loadParser } from '../../../src/discovery/files/parserEntry.js';
import { maxProblemsPerFile, maxServersPerFile } from '../../../src/discovery/files/limits.js';
import { scriptsParser } from '../../../src/discovery/parsers/javascript/scripts.js';
import { expandBraces } from '../../../src/discovery/scan/filePatterns.js';
import { foundDefinitions } from '../../../src/discovery/scan/foundDefinitions.js';
import { agentFromPackageJson } from '../../../src/discovery/scripts/packageManager.js';
import { readEnvironmentFiles } from '../../../src/host/launch/environmentFiles.js';
import { discovered, english, FakeFiles, shop } from '../discovery/support/fakes.js';
import { factsOf, markerFiles } from '../discovery/support/workspace.js';
import { fileTexts, unclosedTexts } from './fileTexts.js';
import { fuzz, fuzzText } from './fuzz.js';

/** Every parser of workspace files: a new one is explored by itself. */
const entries = [
  scriptsParser({ managerOf: () => 'pnpm', locksOf: () => ({ folder: '', agents: ['npm', 'pnpm'] }) }),
  ...parsersFor('linux'),
];

describe('any text', () => {
  beforeAll(() => console.log(`    fuzz: ${fuzzText}`));

  for (const entry of entries) {
    const [name = ''] = entry.patterns.flatMap(expandBraces);
    it(`is parsed as ${entry.source}, ${name}`, { timeout: 0 }, async () => {
      const parser = await loadParser(entry);
      const paths = entry.patterns.flatMap(expandBraces).map((path) => path.replaceAll('*', 'x'));
      const inputs = fc.record({
        path: fc.constantFrom(...paths, ...paths.map((path) => `apps/web/${path}`)),
        text: fileTexts(entry.patterns),
        other: fileTexts(entry.patterns),
        system: fc.constantFrom('linux' as const, 'windows' as const),
      });
      const unclosed = unclosedTexts.map((text) => ({
        path: paths[0] ?? '',
        text,
        other: '',
        system: 'linux' as 'linux' | 'windows',
      }));
      const check = ({ path, text, other, system }: (typeof unclosed)[number]): void => {
        const files = { ...Object.fromEntries(markerFiles.map((each) => [each, other])), [path]: text };
        const findings = parser.parse({ path, text }, factsOf(files, { system }));
        const location = { source: entry.source, file: path, folder: '' };
        const { servers, problems } = foundDefinitions(location, findings, shop, system);
        checkServers(servers.map(({ definition }) => definition));
        assert.ok(problems.length <= maxProblemsPerFile + 1);
        for (const { reason } of problems) checkText(reason);
      };
      await fuzz(inputs, check, unclosed);
    });
  }

  it('is parsed as .vscode/dev-servers.json', { timeout: 0 }, async () => {
    await fuzz(fileTexts(['.vscode/dev-servers.json']), async (text) => {
      const { definitions, problems } = await readConfiguration({
        context: { ...shop, platform: 'linux' },
        settings: undefined,
        file: { kind: 'text', text },
        discovered: [],
        files: new FakeFiles({}),
      });
      for (const definition of definitions) checkText(serverTitle(definition));
      for (const problem of problems) checkText(problemText(problem));
      insertEntry(text, { id: 'web' }, { insertSpaces: true, tabSize: 2, eol: '\n' }, english);
    });
  });

  it('is parsed as a file with variables', { timeout: 0 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dev-servers-fuzz-'));
    const path = join(folder, '.env');
    await fuzz(fileTexts(['.env']), async (text) => {
      writeFileSync(path, text);
      const read = await readEnvironmentFiles([path]).catch((error: unknown) => error);
      // A text that no environment takes is refused with the name of the file.
      if (!Array.isArray(read))
        return assert.ok(read instanceof ServerError && text.includes('\0'), String(read));
      for (const [name, value] of Object.entries(read[0] as Record<string, string>))
        assert.ok(!/[=\0]|^$/u.test(name) && !value.includes('\0'), name);
      return undefined;
    }).finally(() => rmSync(folder, { recursive: true }));
  });

  it('is parsed as the package manager of a package.json', { timeout: 0 }, async () => {
    await fuzz(fileTexts(['package.json']), (text) => void agentFromPackageJson(text));
  });

  it('does not affect other servers', { timeout: 0 }, async () => {
    const paths = entries.flatMap(({ patterns }) => patterns.flatMap(expandBraces));
    const path = fc.constantFrom('.gitignore', ...paths.map((each) => each.replaceAll('*', 'x')));
    const file = path.chain((each) => fileTexts([each]).map((text) => [`bad/${each}`, text] as const));
    await fuzz(file, async ([name, text]) => {
      const lines = await discovered({ [name]: text, 'good/package.json': { scripts: { dev: 'vite' } } });
      assert.ok(lines.includes('shop/good:dev › npm run dev'), lines.join('\n'));
    });
  });
});

function checkServers(servers: readonly ServerDefinition[]): void {
  assert.ok(servers.length <= maxServersPerFile);
  for (const { command, id, name, cwd } of servers) {
    for (const text of [name, id, commandText(command)]) checkText(text);
    assert.ok(cwd.startsWith(shop.folder.path), cwd);
    const words = command.kind === 'argv' ? [command.file, ...command.args] : [command.line];
    assert.ok(!words.some((word) => word.includes('\0')), 'no program takes such an argument');
  }
}

/** Checks the form in which the user sees a text. */
function checkText(text: string): void {
  const shown = plainText(text);
  assert.ok(shown.length <= 1000);
  assert.doesNotMatch(shown, /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]|\]\(|\$\(/u);
}
