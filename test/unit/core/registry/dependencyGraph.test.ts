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
  it('starts each server once, after its dependencies', () => {
    const needs = needsOf({ web: ['api', 'auth'], api: ['db'], auth: ['db'], db: [] });
    assert.deepEqual(startPlan(['web', 'api'], needs), {
      order: ['db', 'api', 'auth', 'web'],
      faults: new Map(),
    });
  });

  it('includes an unknown target, so that its start can report it', () => {
    assert.deepEqual(startPlan(['x'], needsOf({})), { order: ['x'], faults: new Map() });
  });

  it('names a cycle, and starts neither its servers nor their dependents and dependencies', () => {
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

  it('names a cycle without the servers that lead to it', () => {
    const needs = needsOf({ shop: ['web'], web: ['api'], api: ['web'] });
    assert.deepEqual(startPlan(['shop'], needs).faults.get('shop'), {
      kind: 'cycle',
      path: ['web', 'api', 'web'],
    });
  });

  it('names a cycle without other dependencies of its servers', () => {
    const needs = needsOf({ web: ['cache', 'api'], api: ['cache', 'web'], cache: [] });
    assert.deepEqual(startPlan(['web'], needs).faults.get('web'), {
      kind: 'cycle',
      path: ['web', 'api', 'web'],
    });
  });

  it('names a server that depends on itself', () => {
    assert.deepEqual(startPlan(['web'], needsOf({ web: ['web'] })), {
      order: [],
      faults: new Map([['web', { kind: 'cycle', path: ['web', 'web'] }]]),
    });
  });

  it('names an unknown id, and the server that depends on it', () => {
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

  it('is fast for a thousand servers that depend on all servers before them', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `s${index}`);
    const needs: DependencyLookup = (id) => ids.slice(Math.max(0, ids.indexOf(id) - 3), ids.indexOf(id));
    assert.deepEqual(startPlan([...ids].toReversed(), needs).order, ids);
  });
});

describe('the order of stops', () => {
  it('puts direct and indirect dependents in the set before each server', () => {
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

  it('lets no server wait forever in a cycle', () => {
    const needs = needsOf({ web: ['api'], api: ['web'] });
    assert.deepEqual(
      dependentsAmong(['web', 'api'], needs),
      new Map([
        ['web', []],
        ['api', ['web']],
      ]),
    );
  });

  it('treats an unknown id as a server without dependencies', () => {
    assert.deepEqual(dependentsAmong(['x'], needsOf({})), new Map([['x', []]]));
  });
});

describe('the servers that wait for each other', () => {
  const waits: Readonly<Record<string, readonly string[]>> = {
    web: ['db', 'api'],
    api: ['auth'],
    auth: ['web'],
  };

  it('form a cycle when a server would wait for itself', () => {
    assert.deepEqual(
      ['web', 'api'].map((id) => findWaitCycle(id, (each) => waits[each] ?? [])),
      [
        ['web', 'api', 'auth', 'web'],
        ['api', 'auth', 'web', 'api'],
      ],
    );
  });

  it('form none if a server only leads to a cycle, or reaches a server twice', () => {
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
