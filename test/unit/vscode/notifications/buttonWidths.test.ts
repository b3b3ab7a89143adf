import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';

/** Buttons of the notifications that have the most of them. */
const rows = [
  ['Open', 'Use Port {0}', 'Always Use Free Port', 'Stop and Start'],
  ['Open', 'Use Port {0}', 'Stop and Start', 'Show Terminal'],
  ['Fix with Chat', 'Show Log', 'Restart'],
  ['Show Terminal', 'Show Log', 'Restart'],
  ['Install and Start', 'Show Log'],
  ['Once', 'Always', 'Never', 'Show Details'],
];

/** Room for the buttons of a notification, pixels. The editor cuts off texts for which it is too narrow. */
const room = 425;

/** Measured with a wide font: a character, an East Asian character, and the padding and margin of a button. */
const [narrow, wide, around] = [6, 12, 25];

describe('The buttons of notifications', () => {
  it.each(['', '.de', '.es', '.fr', '.ja', '.zh-cn'])('fit side by side: bundle.l10n%s.json', (language) => {
    const texts = JSON.parse(readFileSync(`l10n/bundle.l10n${language}.json`, 'utf8')) as Record<
      string,
      string
    >;
    const tooWide = rows
      .map((row) => row.map((key) => texts[key]?.replace('{0}', '5173') ?? `"${key}" is missing`))
      .filter((row) => row.map(widthOf).reduce((sum, each) => sum + each, 0) > room);
    assert.deepEqual(tooWide, []);
  });
});

function widthOf(text: string): number {
  const wideCount = text.match(/[\u3000-\u9fff\uff00-\uff60]/gu)?.length ?? 0;
  return around + wideCount * wide + (text.length - wideCount) * narrow;
}
