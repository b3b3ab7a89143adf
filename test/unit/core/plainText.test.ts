import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { plainText, shortened } from '../../../src/core/plainText.js';

/** The links that the editor makes in messages, from `base/common/linkedText.ts` of VS Code. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

/** The icons that the editor makes in labels, from `base/common/iconLabels.ts` of VS Code. */
const icon = /(\\)?\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/g;

/** As the user sees it: a word joiner has no width. */
const seen = (text: string): string => plainText(text).replaceAll('\u2060', '');

describe('plain text', () => {
  const links: readonly string[] = [
    'web [Learn more](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22id%5Cn%22%7D)',
    '[a](https://example.com)',
    '[a](HTTP://example.com "a title")',
    '[a](file:///etc/passwd)',
    "[a](COMMAND:devServers.stopAll 'title')",
    '[a\nb](command:x)',
    '[a] [b](command:x)',
    '[[a]](command:x)',
    '[a](command:x)[b](command:y)',
    '[\u202ea](command:x)',
    '[a]\u200b(command:x)',
    '[a]\u0301\u0301\u0301\u0301\u0301\u0301(command:x)',
    `[${'a'.repeat(990)}](command:x)`,
    `${'x'.repeat(640)}[a](command:x)${'x'.repeat(640)}`,
    `[a](command:x)${'x'.repeat(5000)}[b](command:y)`,
    'port 3000 is in use by [node](command:x) (process 1)',
  ];

  it('has no link that the editor detects', () => {
    const found = links.filter((text) => plainText(text).match(link));
    assert.deepEqual(found, []);
  });

  it('has no icon that the editor detects', () => {
    const icons = [
      '$(error) x',
      '\\$(error)',
      '$(loading~spin)',
      '$$(error)',
      '$\u200b(error)',
      '$(a)$(b)',
      '$(pwd)',
    ];
    assert.deepEqual(
      icons.filter((text) => plainText(text).match(icon)),
      [],
    );
  });

  it('shows what is there', () => {
    const texts: readonly (readonly [text: string, shown: string])[] = [
      ['[a](command:x) $(error)', '[a](command:x) $(error)'],
      ['Crème brûlée, 日本語, العربية, עברית', 'Crème brûlée, 日本語, العربية, עברית'],
      ['C:\\Users\\me\\[app] (1)', 'C:\\Users\\me\\[app] (1)'],
      ['one\r\n\ttwo   three\u2028four', 'one two three four'],
      ['safe\u202egnp.exe', 'safe\\u202egnp.exe'],
      ['\u2066a\u2069 \u200fb \u061cc', '\\u2066a\\u2069 \\u200fb \\u061cc'],
      ['a\u0000b\u0007c\u001b[31md\u009b2J', 'a\\u0000b\\u0007c\\u001b[31md\\u009b2J'],
      ['a\u200bb\u00adc\u2060d\ufeffe', 'a\\u200bb\\u00adc\\u2060d e'],
      ['a\u3164b\u115fc\u034fd', 'a\\u3164b\\u115fc\\u034fd'],
      ['a\u2800b\u{1d159}c\u{16fe4}d', 'a\\u2800b\\ud834\\udd59c\\ud81b\\udfe4d'],
      ['tag \u{e0041}\u{e007f}', 'tag \\udb40\\udc41\\udb40\\udc7f'],
      ['a\ud800b\udc00', 'a\\ud800b\\udc00'],
      ['👩‍💻 dev ❤️ 👍🏽 1️⃣', '👩‍💻 dev ❤️ 👍🏽 1️⃣'],
      ['a\u200db', 'a\\u200db'],
      [`z${'\u0336'.repeat(40)}`, `z${'\u0336'.repeat(4)}`],
    ];
    assert.deepEqual(
      texts.map(([text]) => seen(text)),
      texts.map(([, shown]) => shown),
    );
  });

  it('keeps the end of a text that the editor would cut off', () => {
    const text = plainText(`begin ${'x'.repeat(2_000_000)} end`);
    assert.deepEqual([text.length, text.slice(0, 6), text.slice(-4)], [1000, 'begin ', ' end']);
    assert.equal(plainText('](]('.repeat(900)).length, 1000);
  });

  it('splits no character', () => {
    assert.deepEqual(
      Array.from({ length: 12 }, (_, index) => /\p{Cs}/u.test(shortened('😀'.repeat(9), index + 3))),
      Array.from({ length: 12 }, () => false),
    );
  });
});
