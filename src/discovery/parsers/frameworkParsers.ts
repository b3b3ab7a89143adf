import type { FileParser } from '../files/fileParser.js';
import { bun } from './bun.js';
import { cargo } from './cargo.js';
import { deno } from './deno.js';
import { django } from './django.js';
import { dotnet } from './dotnet.js';
import { fastapi } from './fastapi.js';
import { flask } from './flask.js';
import { go } from './go.js';
import { laravel } from './laravel.js';
import { php } from './php.js';
import { rails } from './rails.js';
import { staticFiles } from './static.js';

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
