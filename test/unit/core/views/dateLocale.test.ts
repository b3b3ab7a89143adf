import assert from 'node:assert/strict';
import { it } from 'vitest';
import { dateLocale } from '../../../../src/core/views/dateLocale.js';

it('dates have the language of the texts, and the region of a system with that language', () => {
  const locales = [
    ['en', 'en-GB'],
    ['de', 'en-US'],
    ['de', 'de-AT'],
    ['zh-cn', 'zh-Hans-CN'],
    ['ja', 'en-US'],
  ] as const;
  assert.deepEqual(
    locales.map(([language, system]) => dateLocale(language, system)),
    [undefined, 'de', undefined, undefined, 'ja'],
  );
  assert.equal(new Date(2026, 0, 31, 18, 5).toLocaleTimeString(dateLocale('de', 'en-US')), '18:05:00');
});
