import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'vitest';
import type { ServerIdentity } from '../../../../src/core/server/identity.js';
import {
  showOtherWindowServers,
  type OtherWindowDeps,
} from '../../../../src/vscode/commands/otherWindowServers.js';
import { definition, english, world as registryWorld } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';

describe('the servers of other windows', () => {
  beforeEach(() => editor.reset('shop'));

  it('are listed by the titles that rows have, with their folders, and never by ids', async () => {
    const { registry } = await registryWorld();
    const own = definition('shop/web', { title: 'Web shop' });
    await registry.define([own]);
    const other = (id: string, cwd: string): ServerIdentity => ({
      id,
      folder: id.split(/[/:]/u)[0] ?? '',
      cwd,
    });
    const servers = [
      { id: own.id, folder: own.folder, cwd: own.cwd },
      other('blog/apps/api:dev', '/blog/apps/api'),
      other('blog:dev:watch', '/blog'),
      other('blog/worker', '/blog'),
    ];
    const runs = servers.map((server) => ({ server, url: undefined, heldUntil: undefined }));
    const items: unknown[] = [];
    editor.answer = (_question, offered) => void items.push(...offered);
    await showOtherWindowServers({
      registry,
      l10n: english,
      processes: { list: () => Promise.resolve(runs), takeOver: () => Promise.resolve() },
    } as unknown as OtherWindowDeps);
    assert.deepEqual(
      items.map((item) => {
        const { label, description } = item as { label: string; description: string };
        return `${label.replace(/^\$\([^)]*\) /u, '')} | ${description}`;
      }),
      [
        `Web shop | another window · ${own.cwd}`,
        'api: dev | another window · /blog/apps/api',
        'blog: dev:watch | another window · /blog',
        'worker | another window · /blog',
      ],
    );
  });
});
