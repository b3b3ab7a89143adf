import type { FileParser } from '../files/fileParser.js';
import { bun } from './javascript/bun.js';
import { cargo } from './rust/cargo.js';
import { deno } from './javascript/deno.js';
import { django } from './python/django.js';
import { dotnet } from './dotnet/dotnet.js';
import { fastapi } from './python/fastapi.js';
import { flask } from './python/flask.js';
import { go } from './go/go.js';
import { laravel } from './php/laravel.js';
import { php } from './php/php.js';
import { rails } from './ruby/rails.js';
import { staticFiles } from './pages/static.js';

/** Parsers of the files of frameworks and language tools. */
export const frameworkParsers: readonly FileParser[] = [
  django,
  flask,
  fastapi,
  rails,
  laravel,
  php,
  go,
  cargo,
  dotnet,
  deno,
  bun,
  staticFiles,
];
