import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';

/** Buttons of the notifications that have the most of them. */
const rows = [
  ['Open', 'Use {0}', 'Always Use Free Port', 'Stop and Start'],
  ['Open', 'Use Port {0}', 'Stop and Start'],
  ['Open', 'Stop and Start', 'Show Terminal'],
  ['Use {0}', 'Always Use Free Port', 'Show Terminal'],
  ['Fix with Chat', 'Show Log', 'Restart'],
  ['Show Terminal', 'Show Log', 'Restart'],
  ['Install and Start', 'Show Log'],
  ['Once', 'Always', 'Never', 'Show Details'],
];

/** Room for the buttons of a notification, pixels. The editor cuts off texts for which it is too narrow. */
const room = 413;

/** Padding of a button, and the gap between two of them, pixels. */
const [padding, gap] = [18, 4];

describe('The buttons of notifications', () => {
  it.each(['', '.de', '.es', '.fr', '.ja', '.zh-cn'])('fit side by side: bundle.l10n%s.json', (language) => {
    const texts = JSON.parse(readFileSync(`l10n/bundle.l10n${language}.json`, 'utf8')) as Record<
      string,
      string
    >;
    const tooWide = rows
      .map((row) => row.map((key) => texts[key]?.replace('{0}', '26789') ?? `"${key}" is missing`))
      .filter((row) => row.map(widthOf).reduce((sum, each) => sum + each + gap, -gap) > room);
    assert.deepEqual(tooWide, []);
  });
});

/** Characters by their width in DejaVu Sans of 12 pixels, a wide font that Linux desktops have. */
const widths: readonly (readonly [characters: RegExp, pixels: number])[] = [
  [/[ijlI']/gu, 3.5],
  [/[frt .]/gu, 4.7],
  [/[mwMW]/gu, 10.5],
  [/[\u3000-\u9fff\uff00-\uff60]/gu, 12],
];
const otherWidth = 7.3;

function widthOf(text: string): number {
  const base = padding + text.length * otherWidth;
  return widths.reduce((sum, [characters, pixels]) => {
    const count = text.match(characters)?.length ?? 0;
    return sum + count * (pixels - otherWidth);
  }, base);
}
