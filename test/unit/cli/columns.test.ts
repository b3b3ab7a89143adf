import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { columns } from '../../../src/cli/call/columns.js';

const rows = [
  ['shop/apps/web:dev', 'http://localhost:5173/', 'apps/web', 'pnpm run dev --host 127.0.0.1'],
  ['shop:api', 'stopped', '.', 'node api.mjs'],
] as const;

const shown = (width: number | undefined): string[] => columns(rows, width).trimEnd().split('\n');

describe('the columns of a list', () => {
  it('are not cut for a program, or in a wide terminal', () => {
    const whole = [
      'shop/apps/web:dev  http://localhost:5173/  apps/web  pnpm run dev --host 127.0.0.1',
      'shop:api           stopped                 .         node api.mjs',
    ];
    assert.deepEqual([shown(undefined), shown(120)], [whole, whole]);
  });

  it('cut the command in a narrower terminal', () => {
    assert.deepEqual(shown(70), [
      'shop/apps/web:dev  http://localhost:5173/  apps/web  pnpm run dev --h…',
      'shop:api           stopped                 .         node api.mjs',
    ]);
  });

  it('leave out the folder, and then the command', () => {
    assert.deepEqual(shown(60), [
      'shop/apps/web:dev  http://localhost:5173/  pnpm run dev --h…',
      'shop:api           stopped                 node api.mjs',
    ]);
    assert.deepEqual(shown(20), ['shop/apps/web:dev  http://localhost:5173/', 'shop:api           stopped']);
  });

  it('are aligned for characters of any width, and cut between characters', () => {
    const wide = [
      ['店/网:dev', 'ready', '网', '运行 开发服务器 现在'],
      ['cafe\u0301', '👍🏽 ok', '❤\ufe0f', 'node 👩‍💻.mjs'],
      ['shop:api', 'stopped', '.', 'node api.mjs'],
    ] as const;
    assert.deepEqual(columns(wide, 40).trimEnd().split('\n'), [
      '店/网:dev  ready    网  运行 开发服务器…',
      'cafe\u0301       👍🏽 ok    ❤\ufe0f  node 👩‍💻.mjs',
      'shop:api   stopped  .   node api.mjs',
    ]);
  });

  it('have no lines without servers', () => {
    assert.equal(columns([], 80), '');
  });
});
