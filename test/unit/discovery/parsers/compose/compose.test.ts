import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { composeParser } from '../../../../../src/discovery/parsers/compose/compose.js';
import { english, parsed } from '../../support/fakes.js';

describe('A Compose file', () => {
  it('lists the services that publish a port, with the port of this machine', () => {
    const text = `
x-common: &common
  image: node
services:
  web:
    <<: *common
    ports: ["8080:80"]
  worker: { image: node }
  db:
    image: postgres
    ports:
      - target: 5432
        published: "\${DB_PORT:-5433}"
  any:
    image: x
    ports: [3000]
  range:
    image: x
    ports: ["127.0.0.1:9000-9005:9000-9005/tcp"]
  dns:
    image: x
    ports: ["53:53/udp", "[::1]:8053:8053"]
  set:
    image: x
    ports: ["\${PORT}:80"]
`;
    assert.deepEqual(found('compose.yaml', text), [
      'docker compose up 8080: docker compose up',
      'web 8080: docker compose up web',
      'db 5433: docker compose up db',
      'any undefined: docker compose up any',
      'range 9000: docker compose up range',
      'dns 8053: docker compose up dns',
      'set undefined: docker compose up set',
    ]);
  });

  it('has the port of the service that developers open: no other needs it, and built ones come first', () => {
    const project = (...services: readonly string[]): string | undefined =>
      found('compose.yaml', `services: { ${services.join(', ')} }`)[0];
    const db = 'db: { image: postgres, ports: ["5432:5432"] }';
    const web = 'web: { build: ., ports: ["8080:80"], depends_on: [api] }';
    const api = 'api: { build: api, ports: ["8081:80"], depends_on: { db: { condition: service_healthy } } }';
    const admin = 'admin: { image: adminer, ports: ["8082:8080"], depends_on: [db] }';
    assert.deepEqual(
      [
        project(db, api, web),
        project(db, admin, api),
        project(db, admin),
        project(db, 'cache: { image: redis }'),
      ],
      [
        'docker compose up 8080: docker compose up',
        'docker compose up 8081: docker compose up',
        'docker compose up 8082: docker compose up',
        'docker compose up 5432: docker compose up',
      ],
    );
  });

  const one = 'services: { web: { image: x, ports: ["80:80"] } }';

  it('is passed to docker by name if docker would read another one', () => {
    assert.deepEqual(
      [
        found('docker-compose.yml', one),
        found('docker-compose.yml', one, ['compose.yaml']),
        found('apps/compose.dev.yaml', one),
      ],
      [
        ['web 80: docker compose up web'],
        ['web 80: docker compose -f docker-compose.yml up web'],
        ['web 80: docker compose -f compose.dev.yaml up web'],
      ],
    );
  });

  it('that overrides another one is left to docker', () => {
    assert.deepEqual(
      [
        found('docker-compose.override.yml', one, ['docker-compose.yml']),
        found('compose.dev.yaml', 'services: { web: { ports: ["80:80"] } }'),
      ],
      [[], []],
    );
  });

  it('with the wrong form lists nothing, and omits its services with the wrong form', () => {
    const texts = [
      '',
      'null',
      '[]',
      'services: 7',
      'services: { web: 7, a: { ports: x }, "-f": { image: x, ports: [80] }, "a b": { image: x, ports: [80] } }',
    ];
    assert.deepEqual(
      texts.map((text) => parsed(composeParser, 'compose.yaml', text)),
      texts.map(() => ({ servers: [], problems: [] })),
    );
  });

  it('with aliases that stand for billions of values is read without expanding them', () => {
    const levels = Array.from(
      { length: 60 },
      (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}]`,
    );
    const text = ['l0: &l0 [x]', ...levels, 'services: { web: { image: x, ports: *l60 }, all: *l60 }'].join(
      '\n',
    );
    assert.deepEqual(found('compose.yaml', text), ['web undefined: docker compose up web']);
  });

  it('may contain the tags of docker', () => {
    const text =
      'services: { web: { image: x, ports: !override ["80:80"] }, off: { image: x, ports: !reset [] } }';
    assert.deepEqual(found('compose.yaml', text), [
      'docker compose up 80: docker compose up',
      'web 80: docker compose up web',
    ]);
  });

  it('runs a release if its image has the name of the folder, or one that begins with it', () => {
    const isReleased = (image: string, folderName: string): boolean | undefined => {
      const text = `services: { web: { image: ${image}, ports: ["80:80"] } }`;
      const names = (): ReadonlySet<string> => new Set(['compose.yaml']);
      const facts = { names, text: () => undefined, folderName, system: 'linux', l10n: english } as const;
      return composeParser.parse({ path: 'compose.yaml', text }, facts).servers[0]?.traits?.isReleased;
    };
    assert.deepEqual(
      [
        isReleased('ghcr.io/anne/storefront', 'storefront'),
        isReleased('ghcr.io/anne/storefronts:latest', 'storefront'),
        isReleased('storefronts', 'storefront'),
        isReleased('anne/shopper', 'shop'),
      ],
      [true, true, undefined, undefined],
    );
  });

  it('that is broken, nested too deeply or too large is reported once', () => {
    const texts = ['services: [', '['.repeat(100_000), 'x'.repeat(300_000)];
    assert.deepEqual(
      texts.map((text) => parsed(composeParser, 'compose.yaml', text)).map(({ problems }) => problems.length),
      [1, 1, 1],
    );
  });
});

function found(path: string, text: string, names: readonly string[] = []): string[] {
  return parsed(composeParser, path, text, names).servers.map(({ name, port, command }) =>
    command.kind === 'argv' ? `${name} ${port}: ${[command.file, ...command.args].join(' ')}` : name,
  );
}
