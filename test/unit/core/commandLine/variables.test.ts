import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ServerError } from '../../../../src/core/server/errors.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import {
  referencedServers,
  resolveVariables,
  usesOwnPort,
} from '../../../../src/core/commandLine/variables.js';
import { definition } from '../support/fakes.js';

const facts = {
  workspaceFolder: '/home/ann/my shop',
  shell: '/bin/sh',
  port: 3000,
  env: (name: string) => ({ TOKEN: 'a b"$(touch x)', MODE: 'fast' })[name],
  addressOf: (id: string) =>
    ({
      'shop:api': 'http://localhost:4000/',
      'shop:secure': 'https://[::1]/admin/',
      'shop:db': 'tcp://127.0.0.1:5432',
    })[id],
};

function line(text: string, more: Partial<ServerDefinition> = {}): ServerDefinition {
  return definition('shop:web', { source: 'configuration', command: { kind: 'shell', line: text }, ...more });
}

function argvServer(...args: string[]): ServerDefinition {
  return definition('shop:web', { source: 'configuration', command: { kind: 'argv', file: 'node', args } });
}

function resolved(text: string): unknown {
  const { command } = resolveVariables(argvServer(text), facts);
  return command.kind === 'argv' ? command.args[0] : undefined;
}

describe('the servers that a definition refers to', () => {
  it('are those whose port or address is used in its command or environment, each once', () => {
    const env = { API: '${url:shop:api}/v1', CACHE: '${port:shop:cache}' };
    assert.deepEqual(referencedServers(line('serve --db ${port:shop:db} --api ${url:shop:api}', { env })), [
      'shop:db',
      'shop:api',
      'shop:cache',
    ]);
  });

  it('exclude the server itself, and any in discovered servers', () => {
    assert.deepEqual(referencedServers(line('serve ${port} ${port:shop:web}')), []);
    assert.deepEqual(referencedServers(line('serve ${port:shop:api}', { source: 'scripts' })), []);
  });

  it('do not include text that only looks similar', () => {
    assert.deepEqual(referencedServers(line('echo ${port:} ${ports:a} $port:a ${env:port:a}')), []);
  });
});

describe('the variables of a definition', () => {
  const values: readonly (readonly [string, string])[] = [
    ['${workspaceFolder}/conf', '/home/ann/my shop/conf'],
    ['${workspaceFolderBasename}', 'my shop'],
    ['${env:MODE}-${env:MODE}', 'fast-fast'],
    ['${env:TOKEN}', 'a b"$(touch x)'],
    ['${env:MISSING}', ''],
    ['--port=${port}', '--port=3000'],
    ['${port:shop:web}', '3000'],
    ['${port:shop:api}', '4000'],
    ['${port:shop:secure}', '443'],
    ['${port:shop:db}', '5432'],
    ['${url:shop:api}/v1', 'http://localhost:4000/v1'],
    ['${url:shop:secure}', 'https://[::1]/admin/'],
    ['${HOME} ${unknown:x} $port', '${HOME} ${unknown:x} $port'],
  ];
  for (const [text, value] of values) {
    it(`make ${value} of ${text}`, () => assert.equal(resolved(text), value));
  }

  it('are resolved in the environment, too', () => {
    const env = { API: '${url:shop:api}', PLAIN: '$(x)' };
    assert.deepEqual(resolveVariables(line('serve', { env }), facts), {
      ...line('serve'),
      env: { API: 'http://localhost:4000', PLAIN: '$(x)' },
    });
  });

  it('are literal in discovered servers', () => {
    const found = definition('shop:${port}', {
      command: { kind: 'argv', file: 'npm', args: ['run', '${port}'] },
    });
    assert.equal(resolveVariables(found, facts), found);
  });

  it('fail with the name of a server without an address or a port', () => {
    const failures = ['${port:shop:ghost}', '${url:shop:ghost}', '${port}'].map((text) => {
      try {
        return resolveVariables(argvServer(text), { ...facts, port: undefined });
      } catch (error) {
        return error instanceof ServerError && [error.reason, error.message];
      }
    });
    assert.deepEqual(failures, [
      ['badRequest', 'shop:web needs ${port:shop:ghost}, but shop:ghost has none at the moment.'],
      ['badRequest', 'shop:web needs ${url:shop:ghost}, but shop:ghost has none at the moment.'],
      ['badRequest', 'shop:web needs ${port}, but no port is set.'],
    ]);
  });

  it("show whether the server's own port is used", () => {
    assert.deepEqual(
      [line('x ${port}'), line('x', { env: { A: '${port}' } }), line('x ${port:shop:api}')].map(usesOwnPort),
      [true, true, false],
    );
  });
});
