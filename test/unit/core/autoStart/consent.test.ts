import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  autoStartDecision,
  autoStartQuestion,
  autoStartServers,
  autoStartText,
} from '../../../../src/core/autoStart/consent.js';
import { withDependencies } from '../../../../src/core/registry/dependencyGraph.js';
import { english } from '../../../../src/core/text.js';
import { definition } from '../support/fakes.js';

const web = definition('web', { autoStart: true, dependsOn: ['api'] });
const api = definition('api', {
  source: 'configuration',
  command: { kind: 'shell', line: 'serve ${url:db}' },
});
const db = definition('db', { dependsOn: ['web'] });
const other = definition('other');

describe('the start with the window', () => {
  it('includes the servers with autoStart and their dependencies', () => {
    const all = [web, api, db, other];
    assert.deepEqual(autoStartServers(all), [web]);
    assert.deepEqual(withDependencies([web], all), [web, api, db]);
  });

  it('needs consent to exactly these servers, and asks for it otherwise', () => {
    const answers = [
      undefined,
      'x',
      { kind: 'agreed' },
      { kind: 'agreed', servers: 'h' },
      { kind: 'agreed', servers: 'i' },
      { kind: 'never' },
    ];
    assert.deepEqual(
      answers.map((answer) => autoStartDecision(answer, 'h')),
      ['ask', 'ask', 'ask', 'start', 'ask', 'leave'],
    );
  });

  it('needs new consent when anything that is executed has changed', () => {
    const agreed = autoStartText([web, api]);
    const changes = [
      { command: { kind: 'argv', file: 'rm', args: [] } as const },
      { cwd: '/elsewhere' },
      { env: { NODE_OPTIONS: '--require ./x' } },
      { envFiles: ['/shop/.env'] },
      { script: { body: 'x', argumentPrefix: [] } },
      { portArgument: '--port={port}' },
      { dependsOn: ['db'] },
      { id: 'web2' },
    ];
    for (const change of changes) {
      assert.notEqual(autoStartText([{ ...web, ...change }, api]), agreed, JSON.stringify(change));
    }
    assert.notEqual(autoStartText([web]), agreed);
    const presentation = { name: 'Web', group: 'g', openWhenReady: true };
    assert.equal(autoStartText([api, { ...web, ...presentation }]), agreed);
    const env = definition('e', { env: { A: '1', B: '2' } });
    assert.equal(autoStartText([env]), autoStartText([{ ...env, env: { B: '2', A: '1' } }]));
  });

  it('names the dependencies in its question, and everything that would be executed in the details', () => {
    const command = { kind: 'argv', file: 'vite', args: ['--open', 'a b'] } as const;
    const site = definition('site', { command, portArgument: '--port', env: { MODE: 'x' }, cwd: '/w/site' });
    const { text, detail } = autoStartQuestion([site, api], english);
    assert.match(text, /opens\? shop: site \(vite --open "a b" --port\), api \(serve \$\{url:db\}\)$/);
    assert.deepEqual(detail, [
      'shop: site',
      'Command: vite --open "a b" --port',
      'Folder: /w/site',
      'Environment variables: MODE=x',
      '',
      'api',
      'Command: serve ${url:db}',
      `Folder: ${api.cwd}`,
    ]);
    const many = Array.from({ length: 6 }, (_, index) => definition(`s${index}`));
    assert.match(autoStartQuestion(many, english).text, /^Start 6 dev servers automatically/);
    assert.match(autoStartQuestion([site], english).text, /^Start shop: site automatically .* It runs: vite/);
  });
});
