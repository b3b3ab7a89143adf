import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { composerScripts } from '../../../../src/discovery/parsers/php/composer.js';
import { flask } from '../../../../src/discovery/parsers/python/flask.js';
import { rack } from '../../../../src/discovery/parsers/ruby/rack.js';
import { threadMsOf } from '../../../support/threadTime.js';
import { discovered, english, parsed } from '../support/fakes.js';

/** Longest processor time, milliseconds; work of more than linear time takes seconds. */
const maxMs = 1000;

/** Repetitions of the text: quadratic time shows with few, before it takes half a minute with as many as are read. */
const sizes = [20_000, 80_000];

describe('a hostile file', () => {
  for (const [name, parser] of Object.entries({ '.flaskenv': flask, 'config.ru': rack })) {
    it(`of whitespace is parsed in linear time: ${name}`, () => {
      for (const size of sizes) {
        const text = '\n \t'.repeat(size);
        const tookMs = threadMsOf(() =>
          assert.deepEqual(parsed(parser, name, text), { servers: [], problems: [] }),
        );
        assert.ok(tookMs < maxMs, `${tookMs} ms`);
      }
    });
  }

  it('with an object in place of a command is not converted to text', () => {
    const scripts =
      '{ "scripts": { "x": { "toString": false }, "y": [{ "__proto__": null }], "serve": "php -S :80" } }';
    assert.deepEqual(
      composerScripts(scripts, english).servers.map(({ name }) => name),
      ['composer serve'],
    );
  });

  it('with a NUL character in a command is a problem, since no program takes it', async () => {
    assert.deepEqual(await discovered({ Procfile: 'web: vite\0\nui: vite\n' }), [
      'shop/Procfile:ui › $ vite',
      '! Procfile: web was ignored because its command contains a NUL character.',
    ]);
  });
});
