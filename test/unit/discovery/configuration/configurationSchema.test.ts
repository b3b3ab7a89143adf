import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { maxStopTimeout } from '../../../../src/core/lifecycle/stopGrace.js';
import { serverEntrySchema } from '../../../../src/discovery/configuration/serverEntry.js';
import { configured, english, FakeFiles } from '../support/fakes.js';
import { stopSignals, restartModes } from '../../../../src/core/server/overrides.js';

type Schema = Readonly<Record<string, unknown>>;

/** The tests run at the root of the project. */
const load = createRequire(join(process.cwd(), 'package.json'));
const { configurationSchema } = load('./scripts/lib/configurationSchema.js') as {
  readonly configurationSchema: () => Schema;
};
const schema = configurationSchema();
const entry = at(schema, 'properties', 'servers', 'items');

function at(value: unknown, ...path: readonly string[]): Schema {
  const found = path.reduce<unknown>((node, key) => (node as Schema)[key], value);
  assert.ok(typeof found === 'object' && found !== null, path.join('.'));
  return found as Schema;
}

/** Returns the properties of a schema object, with those of nested objects. */
function parsed(object: unknown): Schema {
  const { entries } = object as { readonly entries: Readonly<Record<string, unknown>> };
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => {
      const inner = (value as { readonly wrapped?: object }).wrapped ?? {};
      return [key, 'entries' in inner ? parsed(inner) : {}];
    }),
  );
}

function described(object: Schema): Schema {
  return Object.fromEntries(
    Object.entries(at(object, 'properties')).map(([key, value]) => [
      key,
      'properties' in (value as Schema) ? described(value as Schema) : {},
    ]),
  );
}

describe('The schema of configuration files', () => {
  it('has the properties that the parser knows, and no others', () => {
    assert.deepEqual(described(entry), parsed(serverEntrySchema(english)));
    assert.deepEqual(Object.keys(at(schema, 'properties')), ['$schema', 'servers', 'groups']);
  });

  it('has the same choices and the same bounds', () => {
    assert.deepEqual(
      [
        at(entry, 'properties', 'stopSignal')['enum'],
        at(entry, 'properties', 'restart')['enum'],
        at(entry, 'properties', 'stopTimeout')['maximum'],
        entry['required'],
      ],
      [stopSignals, restartModes, maxStopTimeout, ['id']],
    );
  });

  it('describes every property with a text, not with the key of a text', () => {
    const texts = JSON.stringify(schema);
    assert.doesNotMatch(texts, /"%[\w.]+%"/u);
    const bare = Object.entries(at(entry, 'properties')).filter(
      ([, value]) => !('description' in (value as Schema)),
    );
    assert.deepEqual(bare, []);
  });

  it('allows what the parser accepts: every property at once', async () => {
    const whole = {
      id: 'x',
      name: 'X',
      command: 'x',
      args: ['a'],
      cwd: '.',
      env: { A: '1' },
      envFile: ['.env'],
      shell: false,
      linux: { command: 'y' },
      osx: {},
      windows: {},
      port: 1,
      portArgument: '{port}',
      url: 'https://app.test/',
      ready: { http: '/', tcp: true, log: 'x', timeout: 1 },
      dependsOn: ['y'],
      group: 'g',
      stopSignal: 'SIGINT',
      stopTimeout: 1,
      restart: 'never',
      autoStart: true,
      openWhenReady: true,
    };
    const text = JSON.stringify({ servers: [whole, { id: 'y', script: 'dev' }] });
    const files = new FakeFiles({ '.env': '', 'package.json': { scripts: { dev: 'x' } } });
    const { definitions, problems } = await configured({ text, files });
    assert.deepEqual([definitions.length, problems], [2, []]);
    const known = new Set([...Object.keys(whole), 'script']);
    assert.deepEqual(new Set(Object.keys(at(entry, 'properties'))), known);
  });
});
