import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { procfileParser } from '../../../../../src/discovery/parsers/processes/procfile.js';
import { parsed } from '../../support/fakes.js';

describe('A Procfile', () => {
  it('for deployment lists the processes that serve, but neither release nor worker', () => {
    const text = [
      'web: gunicorn app:app',
      'release: python manage.py migrate',
      'worker: celery -A app worker',
      'api: uvicorn api:app',
      'clock: node clock.js',
    ].join('\n');
    assert.deepEqual(found('Procfile', text), ['web $ gunicorn app:app', 'api $ uvicorn api:app']);
  });

  it('for development lists every process except release', () => {
    const text =
      '# processes\r\nweb: bin/rails server\r\n\r\ncss: yarn build:css --watch\r\nrelease: true\r\n';
    assert.deepEqual(found('Procfile.dev', text), ['web $ bin/rails server', 'css $ yarn build:css --watch']);
  });

  it('gives its processes the ports that they ask for, as foreman does', () => {
    const text = 'css: tailwindcss -w\nweb: puma -p $PORT\napi: serve -l ${PORT}\nown: PORT=1 x $PORT\n';
    assert.deepEqual(
      parsed(procfileParser, 'Procfile.dev', text).servers.map(({ name, port, env }) => [name, port, env]),
      [
        ['web', 5100, { PORT: '5100' }],
        ['api', 5200, { PORT: '5200' }],
        ['own', undefined, undefined],
      ],
    );
  });

  it('with invalid lines is reported once, and its valid lines are used', () => {
    const { servers, problems } = parsed(
      procfileParser,
      'Procfile.dev',
      'a b\nweb: x\n: y\nnothing:\n\0\0\n',
    );
    assert.deepEqual(
      [servers.map(({ name }) => name), problems],
      [['web'], ['Line 1 does not have the form "name: command".', '3 more lines are not valid.']],
    );
  });

  it('of a megabyte without a line break is read quickly', () => {
    const { servers, problems } = parsed(procfileParser, 'Procfile', 'web '.repeat(250_000));
    assert.deepEqual([servers.length, problems.length], [0, 1]);
  });
});

function found(path: string, text: string): string[] {
  return parsed(procfileParser, path, text).servers.map(({ name, command }) =>
    command.kind === 'shell' ? `${name} $ ${command.line}` : name,
  );
}
