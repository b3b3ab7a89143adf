import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { parsePackageFile } from '../../../../src/discovery/scripts/packageFile.js';
import { english } from '../support/fakes.js';

/** Scripts that project templates write into `package.json`, as `name › command`, by whether they start a server. */
const templates: Readonly<
  Record<string, { readonly scripts: readonly string[]; readonly servers: readonly string[] }>
> = {
  'create-vite (react-ts)': {
    scripts: ['dev › vite', 'build › tsc -b && vite build', 'lint › oxlint', 'preview › vite preview'],
    servers: ['dev', 'preview'],
  },
  'create-vite (qwik-ts)': {
    scripts: ['dev › vite', 'build › tsc -b && vite build', 'preview › serve dist'],
    servers: ['dev', 'preview'],
  },
  'create-vite (svelte-ts)': {
    scripts: [
      'dev › vite',
      'build › vite build',
      'preview › vite preview',
      'check › svelte-check --tsconfig ./tsconfig.app.json && tsc -p tsconfig.node.json',
    ],
    servers: ['dev', 'preview'],
  },
  'create-vite itself': {
    scripts: ['dev › tsdown --watch', 'build › tsdown', 'typecheck › tsc', 'execute › node index.js'],
    servers: [],
  },
  '@schematics/angular': {
    scripts: [
      'ng › ng',
      'start › ng serve',
      'build › ng build',
      'watch › ng build --watch --configuration development',
      'test › ng test',
    ],
    servers: ['start'],
  },
  '@nestjs/schematics (ts)': {
    scripts: [
      'build › nest build',
      'deploy › nest deploy',
      'format › prettier --write "src/**/*.ts" "test/**/*.ts"',
      'start › nest start',
      'start:dev › nest start --watch',
      'start:debug › nest start --debug --watch',
      'start:prod › node dist/main',
      'lint › oxlint --type-aware src/ test/',
      'test › node --experimental-vm-modules ./node_modules/jest/bin/jest.js',
      'test:watch › node --experimental-vm-modules ./node_modules/jest/bin/jest.js --watch',
      'test:debug › node --inspect-brk --experimental-vm-modules -r tsconfig-paths/register -r ts-node/register node_modules/.bin/jest --runInBand',
      'test:e2e › vitest run --config ./vitest.config.e2e.ts',
    ],
    servers: ['start', 'start:dev', 'start:debug', 'start:prod'],
  },
  '@nestjs/schematics (js)': {
    scripts: [
      'deploy › nest deploy',
      'format › prettier --write "**/*.js"',
      'start › babel-node index.js',
      'start:dev › nodemon',
      'test:cov › node --experimental-vm-modules ./node_modules/jest/bin/jest.js --coverage',
    ],
    servers: ['start', 'start:dev'],
  },
  'create-t3-app': {
    scripts: [
      'dev › next dev --turbo',
      'build › next build',
      'start › next start',
      'preview › next build && next start',
      'typecheck › tsc --noEmit',
    ],
    servers: ['dev', 'start', 'preview'],
  },
  'create-t3-app itself': {
    scripts: [
      'typecheck › tsc',
      'build › tsup',
      'dev › tsup --watch',
      'clean › rm -rf dist .turbo node_modules',
      'start › node dist/index.js',
      'lint:fix › pnpm lint --fix',
      "format:check › prettier '**/*.{cjs,mjs,ts,tsx,md,json}' --check",
      'release › changeset version',
      'pub:beta › pnpm build && npm publish --tag beta',
    ],
    servers: ['start'],
  },
  'sv (minimal)': {
    scripts: [
      'dev › vite dev',
      'build › vite build',
      'preview › vite preview',
      "prepare › svelte-kit sync || echo ''",
    ],
    servers: ['dev', 'preview'],
  },
  'sv (library)': {
    scripts: [
      'dev › vite dev',
      'build › vite build && npm run prepack',
      'preview › vite preview',
      "prepare › svelte-kit sync || echo ''",
      'prepack › svelte-kit sync && svelte-package && publint',
    ],
    servers: ['dev', 'preview'],
  },
  'sv (add-on)': {
    scripts: [
      'demo-create › sv create demo --types ts --template minimal --no-add-ons --no-install',
      'demo-add › pnpm build && sv add file:../ --cwd demo --no-git-check --no-install',
      'build › tsdown',
      'prepublishOnly › npm run build',
      'test › vitest run',
    ],
    servers: [],
  },
  'create-next-app itself': {
    scripts: [
      'dev › ncc build ./index.ts -w -o dist/',
      'prebuild › node ../../scripts/rm.mjs dist',
      'build › ncc build ./index.ts -o ./dist/ --minify --no-cache',
    ],
    servers: [],
  },
};

const servers: readonly string[] = [
  'website › vite',
  'api › cross-env NODE_ENV=development nodemon server.js',
  'dev › dotenv -e .env.local -- next dev',
  'x › dotenv -- next dev',
  'x › env A=b next dev -p 3000',
  'x › concurrently -k -n web,api "vite" "tsc -w" "nodemon api.js"',
  'x › concurrently "npm:serve:*"',
  'serve:a › vite preview',
  'dev › run-p serve:*',
  "x › NODE_OPTIONS='--inspect' next dev",
  'x › rimraf dist && next dev',
  'dev › turbo dev',
  'dev › turbo run dev --filter=web',
  'dev › pnpm --filter web dev',
  'dev › pnpm -r --parallel dev',
  'dev › npm run dev -w web',
  'dev › yarn workspace web dev',
  'start › node server.js',
  'start › node dist/index.js',
  'x › node --watch src/index.js',
  'x › tsx watch src/index.ts',
  'x › node ./node_modules/vite/bin/vite.js',
  'x › ./node_modules/.bin/next dev',
  'x › npx serve dist',
  'x › npx http-server@latest -p 80',
  'x › npx --yes @11ty/eleventy --serve',
  'x › eleventy --serve --port=8080',
  'x › nest start --watch',
  'x › expo start --web',
  'x › ng serve --open',
  'x › node --inspect node_modules/.bin/next dev',
  'x › cd client && npm start',
  'start › npm run build && node .',
  'x › bun --hot src/server.ts',
  'dev › bun run --hot src/index.tsx',
  'x › bunx --bun vite',
  'x › bun --bun run vite dev',
  'x › wrangler pages dev ./dist',
  'x › next dev --turbo | pino-pretty',
  'x › vite > log.txt 2>&1',
  'x › cross-env-shell "vite --port $PORT"',
  'x › sh -c "vite"',
  'x › docker compose up',
  'x › NODE_ENV=production node server/index.js',
  'x › php artisan serve',
  'x › php -S localhost:8000 -t public',
  'x › python manage.py runserver',
  'x › python3 -m http.server 8000',
  'x › uvicorn app:app --reload',
  'x › bundle exec rails s',
  'x › storybook dev -p 6006',
  'x › webpack serve --mode development',
  'x › esbuild src/a.ts --bundle --servedir=www',
  'x › deno task start',
  'start › deno run -A main.ts',
  'dev › node --env-file=.env --watch index.js',
  'x › gatsby develop',
  'dev › wait-on tcp:5432 && next dev',
  'x › doppler run -- next dev',
  'dev › infisical run --env=dev -- next dev',
  'dev › mprocs "vite" "x"',
  'x › nodemon',
  'dev › nodemon --watch src --exec "ts-node src/index.ts"',
  'x › electron-vite dev',
  'x › tauri dev',
  'x › remix vite:dev',
  'x › react-router dev',
  'x › nx serve web',
  'x › nx run web:serve',
  'test:serve › http-server test',
  'start › react-scripts start',
  'x › json-server --watch db.json',
  'x › dotenv -e .env -- turbo dev',
  'x › PORT=3000 react-app-rewired start',
  'x › set PORT=3000&& react-scripts start',
  'x › pnpm exec vite dev',
  'x › yarn vite',
  'x › lerna run dev --parallel',
  'x › prisma studio',
  "dev › trap 'kill 0' INT; vite & tsc -w",
  'x › serverless offline',
  'dev › node scripts/dev.js',
  'x › node scripts/start.js',
  'x › firebase emulators:start',
  'x › netlify dev',
  'preview › npm run build && vite preview',
  'dev › pnpm run "/^dev:.*/"',
];

const others: readonly string[] = [
  'start › tsc -w',
  'dev › tsup --watch',
  'dev › rollup -c -w',
  'dev › vite build --watch',
  'start › npm run build',
  'build › next build',
  'test › jest --watch',
  'test › vitest',
  'start › vitest',
  'css › tailwindcss -i a -o b --watch',
  'astro › astro',
  'ng › ng',
  'watch › ng build --watch',
  'preserve › vite',
  'postdev › vite',
  'test:e2e › start-server-and-test dev 3000 cypress:run',
  'test:e2e › concurrently "vite" "cypress run"',
  'e2e › vite preview & playwright test',
  'dev › node --watch --test',
  'build:server › node build-server.js',
  "prepare › svelte-kit sync || echo ''",
  'lint › eslint .',
  'db:up › docker compose up -d',
  'down › docker compose down',
  'install:all › npm install && cd client && npm install',
  'watch:css › nodemon -e scss -x "npm run build"',
  'build › npm run build',
  'dev › npm run build -- --watch',
  'start › webpack --watch',
  'start:electron › electron .',
  'start:db › docker compose up -d',
  'dev › unbuild --stub',
  'deploy › wrangler deploy',
  'types › wrangler types',
  'generate › nuxt generate',
  'trace › next internal trace .next/trace',
  'cy › cypress open',
  'format › prettier --write .',
  'release › changeset publish',
  'build › turbo build',
  'dev › turbo build',
  'test › turbo run test',
  'x › npx prisma generate',
  'db:seed › tsx src/seed.ts',
  'seed › node --watch seed.js',
  'api › node api.js',
  'studio › vite build && echo done',
  'clean › rm -rf dist',
  'gen › plop',
  'typecheck › tsc --noEmit',
  'start › jest',
  'eject › react-scripts eject',
  'android › react-native run-android',
  'test › node --import tsx --test',
  'storybook:build › storybook build',
];

/** Scripts that the scripts above run. */
const siblings = { 'serve:a': 'vite preview', build: 'tsc' };

describe('The scripts of a project', () => {
  for (const [template, { scripts, servers: wanted }] of Object.entries(templates)) {
    it(`of ${template} are classified`, () => {
      assert.deepEqual(found(Object.fromEntries(scripts.map(split))).toSorted(), wanted.toSorted());
    });
  }

  for (const script of servers) {
    it(`have a server in ${script}`, () => {
      assert.equal(isFound(script), true);
    });
  }

  for (const script of others) {
    it(`have no server in ${script}`, () => {
      assert.equal(isFound(script), false);
    });
  }

  it('may run each other in a cycle', () => {
    assert.deepEqual(found({ dev: 'npm run web', web: 'npm run dev', 'x:a': 'run-p x:*' }), ['dev']);
  });

  it('may be lines that no shell could parse', () => {
    const lines = [
      '"',
      "'",
      '$(',
      '`',
      '\\',
      '&&',
      ';',
      '((((',
      'a "',
      '< > >>',
      '\n',
      '$('.repeat(1900),
      'x'.repeat(100_000),
    ];
    assert.deepEqual(
      lines.map((line) => found({ dev: line, other: line })),
      lines.map((line) => (line.trim() === '' ? [] : ['dev'])),
    );
  });
});

function isFound(script: string): boolean {
  const [name, body] = split(script);
  return found({ ...siblings, [name]: body }).includes(name);
}

function found(scripts: Readonly<Record<string, string>>): string[] {
  return parsePackageFile(JSON.stringify({ scripts }), english).scripts.map(({ name }) => name);
}

function split(script: string): [name: string, body: string] {
  const [name = '', body = ''] = script.split(' › ');
  return [name, body];
}
