import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  dependenciesOf,
  dependentsAmong,
  startPlan,
  findWaitCycle,
  type DependencyLookup,
} from '../../../../src/core/registry/dependencyGraph.js';
import { definition } from '../support/fakes.js';

/** Returns a lookup of the dependencies in the table. */
function needsOf(table: Readonly<Record<string, readonly string[]>>): DependencyLookup {
  return (id) => table[id];
}

describe('the dependencies of a server', () => {
  it('are what it says, each once', () => {
    assert.deepEqual(
      [
        dependenciesOf(definition('a')),
        dependenciesOf(definition('a', { dependsOn: ['shop:db', 'shop:api', 'shop:db'] })),
      ],
      [[], ['shop:db', 'shop:api']],
    );
  });

  it('are also those whose ports and addresses it mentions', () => {
    const env = { API: '${url:shop:api}', OWN: '${port}', CACHE: 'redis://localhost:${port:shop:cache}' };
    assert.deepEqual(
      dependenciesOf(definition('a', { source: 'configuration', dependsOn: ['shop:api'], env })),
      ['shop:api', 'shop:cache'],
    );
  });

  it('are also those that its command mentions', () => {
    const command = { kind: 'shell', line: 'serve --to ${url:shop:api} --cache ${port:shop:cache}' } as const;
    assert.deepEqual(
      dependenciesOf(definition('a', { command, source: 'settings', dependsOn: ['shop:db', 'shop:api'] })),
      ['shop:db', 'shop:api', 'shop:cache'],
    );
  });
});

describe('a start plan', () => {
  it('starts everything after what it needs, and each once', () => {
    const needs = needsOf({ web: ['api', 'auth'], api: ['db'], auth: ['db'], db: [] });
    assert.deepEqual(startPlan(['web', 'api'], needs), {
      order: ['db', 'api', 'auth', 'web'],
      faults: new Map(),
    });
  });

  it('starts a target that nobody knows, so that the start can say so', () => {
    assert.deepEqual(startPlan(['x'], needsOf({})), { order: ['x'], faults: new Map() });
  });

  it('names a cycle, and starts nothing of it, nor what only waits for it, nor what only they need', () => {
    const needs = needsOf({
      web: ['api', 'cache'],
      api: ['web'],
      shop: ['web'],
      cache: [],
      docs: ['db'],
      db: [],
    });
    const fault = { kind: 'cycle', path: ['web', 'api', 'web'] } as const;
    const plan = startPlan(['web', 'shop', 'docs'], needs);
    assert.deepEqual(plan, {
      order: ['db', 'docs'],
      faults: new Map([
        ['api', fault],
        ['web', fault],
        ['shop', fault],
      ]),
    });
    assert.equal(plan.faults.get('web'), plan.faults.get('shop'));
  });

  it('names a cycle without what leads to it', () => {
    const needs = needsOf({ shop: ['web'], web: ['api'], api: ['web'] });
    assert.deepEqual(startPlan(['shop'], needs).faults.get('shop'), {
      kind: 'cycle',
      path: ['web', 'api', 'web'],
    });
  });

  it('names a cycle without what stands beside it', () => {
    const needs = needsOf({ web: ['cache', 'api'], api: ['cache', 'web'], cache: [] });
    assert.deepEqual(startPlan(['web'], needs).faults.get('web'), {
      kind: 'cycle',
      path: ['web', 'api', 'web'],
    });
  });

  it('names a server that needs itself', () => {
    assert.deepEqual(startPlan(['web'], needsOf({ web: ['web'] })), {
      order: [],
      faults: new Map([['web', { kind: 'cycle', path: ['web', 'web'] }]]),
    });
  });

  it('names an id that no server has, and who needs it', () => {
    const needs = needsOf({ web: ['api'], api: ['apii'], docs: [] });
    const fault = { kind: 'unknown', server: 'api', dependency: 'apii' };
    assert.deepEqual(startPlan(['web', 'docs'], needs), {
      order: ['docs'],
      faults: new Map([
        ['api', fault],
        ['web', fault],
      ]),
    });
  });

  it('is made quickly for a thousand servers that all need those before them', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `s${index}`);
    const needs: DependencyLookup = (id) => ids.slice(Math.max(0, ids.indexOf(id) - 3), ids.indexOf(id));
    assert.deepEqual(startPlan([...ids].toReversed(), needs).order, ids);
  });
});

describe('the order of stops', () => {
  it('puts before each server those of the set that depend on it, also by way of others', () => {
    const needs = needsOf({ web: ['api'], api: ['db'], db: [], docs: [] });
    assert.deepEqual(
      [dependentsAmong(['db', 'api', 'web', 'docs'], needs), dependentsAmong(['db', 'web'], needs)],
      [
        new Map([
          ['db', ['api', 'web']],
          ['api', ['web']],
          ['web', []],
          ['docs', []],
        ]),
        new Map([
          ['db', ['web']],
          ['web', []],
        ]),
      ],
    );
  });

  it('lets nobody wait for ever in a circle', () => {
    const needs = needsOf({ web: ['api'], api: ['web'] });
    assert.deepEqual(
      dependentsAmong(['web', 'api'], needs),
      new Map([
        ['web', []],
        ['api', ['web']],
      ]),
    );
  });

  it('takes an id that no server has for one that needs nothing', () => {
    assert.deepEqual(dependentsAmong(['x'], needsOf({})), new Map([['x', []]]));
  });
});

describe('who waits for whom', () => {
  const waits: Readonly<Record<string, readonly string[]>> = {
    web: ['db', 'api'],
    api: ['auth'],
    auth: ['web'],
  };

  it('is a circle when a server would come to wait for itself', () => {
    assert.deepEqual(
      ['web', 'api'].map((id) => findWaitCycle(id, (each) => waits[each] ?? [])),
      [
        ['web', 'api', 'auth', 'web'],
        ['api', 'auth', 'web', 'api'],
      ],
    );
  });

  it('is none when it only comes upon one, or upon the same server twice', () => {
    const others: Readonly<Record<string, readonly string[]>> = {
      a: ['b', 'c'],
      b: ['d'],
      c: ['d'],
      d: ['c'],
    };
    assert.equal(
      findWaitCycle('a', (id) => others[id] ?? []),
      undefined,
    );
  });
});
