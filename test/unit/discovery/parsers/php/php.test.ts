import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { laravel } from '../../../../../src/discovery/parsers/php/laravel.js';
import { php } from '../../../../../src/discovery/parsers/php/php.js';
import type { Files } from '../../support/workspace.js';
import { found } from '../../support/workspace.js';

/** Written by `laravel new`. */
const laravelFiles: Files = {
  artisan: `#!/usr/bin/env php
<?php
use Illuminate\\Foundation\\Application;
use Symfony\\Component\\Console\\Input\\ArgvInput;
define('LARAVEL_START', microtime(true));
require __DIR__.'/vendor/autoload.php';
$app = require_once __DIR__.'/bootstrap/app.php';
exit($app->handleCommand(new ArgvInput));
`,
  'composer.json': JSON.stringify({
    name: 'laravel/laravel',
    type: 'project',
    require: { 'laravel/framework': '^12.0' },
    scripts: {
      setup: ['composer install', '@php artisan key:generate'],
      dev: [
        'Composer\\Config::disableProcessTimeout',
        'npx concurrently -c "#93c5fd,#c4b5fd" "php artisan serve" "php artisan queue:listen" "npm run dev"',
      ],
      test: ['@php artisan test'],
      'post-autoload-dump': ['@php artisan package:discover --ansi'],
    },
  }),
  'public/index.php':
    "<?php\n(require_once __DIR__.'/../bootstrap/app.php')->handleRequest(Request::capture());\n",
};

/** Written by `composer create-project slim/slim-skeleton`. */
const slimFiles: Files = {
  'composer.json': JSON.stringify({
    name: 'slim/slim-skeleton',
    config: { 'process-timeout': 0 },
    scripts: { start: 'php -S localhost:8080 -t public', test: 'phpunit' },
  }),
  'public/index.php': '<?php\nuse Slim\\Factory\\AppFactory;\n',
};

describe('A Laravel project', () => {
  it('is served by artisan, and by the script dev of its composer.json', () => {
    assert.deepEqual(found(laravel, laravelFiles), [
      'artisan › artisan serve: php artisan serve (:8000)',
      'composer.json › composer dev: composer run-script dev',
    ]);
  });

  it('is not found as plain PHP as well', () => {
    assert.deepEqual(found(php, laravelFiles), []);
  });

  it('is not any other program called artisan', () => {
    assert.deepEqual(found(laravel, { artisan: '#!/bin/sh\necho hello\n' }), []);
  });
});

describe('A plain PHP project', () => {
  it('is served from its folder `public`', () => {
    assert.deepEqual(found(php, { 'shop/public/index.php': '<?php phpinfo();' }), [
      'shop/public/index.php › php: php -S localhost:8000 -t public (in shop, :8000)',
    ]);
  });

  it('is served from the folder of its topmost index.php', () => {
    assert.deepEqual(
      found(php, {
        'blog/index.php': "<?php\nrequire __DIR__ . '/wp-blog-header.php';\n",
        'blog/wp-admin/index.php': '<?php',
        'blog/wp-content/index.php': '<?php\n// Silence is golden.\n',
        'vendor/tool/index.php': '<?php',
      }),
      ['blog/index.php › php: php -S localhost:8000 (in blog, :8000)'],
    );
  });

  it('prefers its folder `public` to the file above it', () => {
    assert.deepEqual(found(php, { 'index.php': '<?php', 'public/index.php': '<?php' }), [
      'public/index.php › php: php -S localhost:8000 -t public (:8000)',
    ]);
  });

  it('is also started by the scripts of its composer.json, without their usual limit of five minutes', () => {
    assert.deepEqual(found(php, slimFiles), [
      'composer.json › composer start: composer run-script start',
      'public/index.php › php: php -S localhost:8000 -t public (:8000)',
    ]);
    const text = slimFiles['composer.json'] ?? '';
    const facts = {
      names: () => new Set<string>(),
      text: () => undefined,
      folderName: 'shop',
      system: 'linux' as const,
      l10n: { t: (message: string) => message },
    };
    assert.deepEqual(php.parse({ path: 'composer.json', text }, facts).servers[0]?.env, {
      COMPOSER_PROCESS_TIMEOUT: '0',
    });
  });

  it('reports scripts that cannot be run by their names, and a broken composer.json', () => {
    assert.deepEqual(
      found(php, {
        'a/composer.json': '{"scripts":{"-dev":"php -S localhost:1","serve":"php -S localhost:2"}}',
        'b/composer.json': '{"scripts":',
        'c/composer.json': '[]',
      }),
      [
        'a/composer.json › composer serve: composer run-script serve (in a)',
        '! a/composer.json: The script "-dev" was ignored: it starts with a dash, so it would be read as an option.',
        '! b/composer.json: It is not valid JSON: a value is missing on line 1, column 12',
      ],
    );
  });
});
