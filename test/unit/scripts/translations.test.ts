import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  languageProblems,
  textProblems,
  translatedLanguages,
} from '../../../scripts/generate/translations.mjs';

const languages = await translatedLanguages();

describe('the translations', () => {
  it('exist for several languages', () => {
    assert.deepEqual(
      ['de', 'es', 'fr'].filter((language) => !languages.includes(language)),
      [],
    );
  });

  it.each(languages)(
    'are complete in the language %s, and keep placeholders, code and links',
    async (language) => {
      assert.deepEqual(await languageProblems(language), []);
    },
  );
});

describe('a check of translations', () => {
  const check = (english: string, translation: string): string[] =>
    textProblems({ key: english }, { key: translation });

  it('finds texts that are missing, empty or no longer used', () => {
    assert.deepEqual(textProblems({ one: 'One', two: 'Two' }, { two: ' ', three: 'Drei' }), [
      '"one" is not translated',
      '"two" is not translated',
      '"three" is not a text of the extension',
    ]);
  });

  it.each([
    ['a placeholder', 'Port {0} of {1}', 'Port {0}'],
    ['an icon', '$(globe) Open', 'Öffnen'],
    ['code', 'Run `npm run dev`', '`npm run start` ausführen'],
    ['a variable', 'The port ${port}', 'Der Port ${Port}'],
    ['the target of a link', '[Open](command:a)', '[Öffnen](command:b)'],
    ['a setting', 'Overrides #devServers.restart#', 'Überschreibt #devServers.neustart#'],
    ['the full stop', 'The port is in use.', 'Der Port ist belegt'],
    ['the ellipsis', 'Filter…', 'Filtern'],
  ])('finds a text that loses %s', (_part, english, translation) => {
    assert.equal(check(english, translation).length, 1);
    assert.deepEqual(check(english, english), []);
  });

  it.each([
    ['fr', 'Port\u00a0: {0}', 'Port : {0}'],
    ['fr', 'Port\u00a0: {0}', 'Port: {0}'],
    ['fr', '«\u00a0{0}\u00a0»', '« {0} »'],
    ['fr', "l'URL", 'l’URL'],
    ['es', '¿Iniciar {0}?', 'Iniciar {0}?'],
    ['de', '"{0}"', '„{0}“'],
    ['ja', '{0}: ポート、URL', '{0}：ポート'],
    ['ja', 'ポート、URL', 'ポート,URL'],
    ['zh-cn', '端口: {0}', '端口:{0}'],
    ['zh-cn', '过长，无法', '过长,无法'],
    ['zh-cn', '插件 (例如 Jetty)', '插件（例如 Jetty）'],
  ])('finds punctuation that the language pack for %s does not have', (language, right, wrong) => {
    const problems = (text: string): string[] => textProblems({ key: text }, { key: text }, language);
    assert.deepEqual(problems(right), []);
    assert.equal(problems(wrong).length, 1);
  });

  it('accepts another order of placeholders and the full stop of Japanese and Chinese', () => {
    assert.deepEqual(check('{0} needs {1}.', '{1} は {0} に必要です。'), []);
  });
});
