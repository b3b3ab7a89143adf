import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, it } from 'vitest';
import { animatedPng, chunksOf } from '../../pictures/animatedPng.js';
import { fromRoot } from '../../../scripts/lib/paths.mjs';

const icon = readFileSync(fromRoot('media', 'icon.png'));
const imageBytes = (png: Buffer) =>
  chunksOf(png)
    .filter(({ type }) => type === 'IDAT')
    .map(({ data }) => data.length);

describe('An animated PNG', () => {
  const animation = animatedPng([
    { png: icon, durationMs: 800 },
    { png: icon, durationMs: 1500 },
  ]);
  const chunks = chunksOf(animation);

  it('holds the first picture as such, and the others as frames', () => {
    const [first, ...others] = imageBytes(icon);
    assert.ok(first !== undefined);
    assert.deepEqual(
      chunks.map(({ type }) => type),
      [
        'IHDR',
        'acTL',
        'fcTL',
        'IDAT',
        ...others.map(() => 'IDAT'),
        'fcTL',
        'fdAT',
        ...others.map(() => 'fdAT'),
        'IEND',
      ],
    );
    assert.deepEqual(imageBytes(animation), imageBytes(icon));
  });

  it('counts its frames, and numbers the chunks of the animation in turn', () => {
    assert.deepEqual(chunks.find(({ type }) => type === 'acTL')?.data.readUInt32BE(0), 2);
    const numbered = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT');
    assert.deepEqual(
      numbered.map(({ data }) => data.readUInt32BE(0)),
      [...numbered.keys()],
    );
  });

  it('shows each frame for its time', () => {
    const controls = chunks.filter(({ type }) => type === 'fcTL').map(({ data }) => data);
    assert.deepEqual(
      controls.map((data) => [data.length, data.readUInt16BE(20) / data.readUInt16BE(22)]),
      [
        [26, 0.8],
        [26, 1.5],
      ],
    );
  });

  it('has the checksum of each chunk', () => {
    for (let at = 8; at < animation.length;) {
      const length = animation.readUInt32BE(at);
      const end = at + 8 + length;
      assert.equal(animation.readUInt32BE(end), crc32(animation.subarray(at + 4, end)));
      at = end + 4;
    }
  });
});
