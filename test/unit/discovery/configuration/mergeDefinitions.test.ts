import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { mergeDefinitions } from '../../../../src/discovery/configuration/mergeDefinitions.js';

describe('Merged definitions', () => {
  it('begin with configured servers, which replace discovered ones with the same id', () => {
    const discovered = [server('shop:dev', 'scripts'), server('shop:start', 'scripts')];
    const configured = [server('shop:start', 'settings'), server('shop:db', 'settings')];
    assert.deepEqual(mergeDefinitions(discovered, configured), [
      server('shop:db', 'settings'),
      server('shop:dev', 'scripts'),
      server('shop:start', 'settings'),
    ]);
  });
});

function server(id: string, source: ServerDefinition['source']): ServerDefinition {
  return {
    id,
    name: id,
    folder: 'shop',
    subfolder: '',
    command: { kind: 'shell', line: source },
    cwd: '/shop',
    env: {},
    port: undefined,
    source,
  };
}
