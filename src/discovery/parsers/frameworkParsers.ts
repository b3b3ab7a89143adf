import type { FileParser } from '../files/fileParser.js';
import { dotnet, dotnetProject } from './dotnet/dotnet.js';
import { phoenix } from './elixir/phoenix.js';
import { go } from './go/go.js';
import { bun } from './javascript/bun.js';
import { deno } from './javascript/deno.js';
import { nx } from './javascript/nx.js';
import { gradle } from './jvm/gradle.js';
import { maven } from './jvm/maven.js';
import { documentationSites } from './pages/documentationSites.js';
import { staticFiles } from './pages/static.js';
import { laravel } from './php/laravel.js';
import { php } from './php/php.js';
import { django } from './python/django.js';
import { fastapi } from './python/fastapi.js';
import { flask } from './python/flask.js';
import { streamlit } from './python/streamlit.js';
import { rack } from './ruby/rack.js';
import { rails } from './ruby/rails.js';
import { justfile } from './taskRunners/justfile.js';
import { makefile } from './taskRunners/makefile.js';
import { projectScripts } from './taskRunners/projectScripts.js';
import { rakefile } from './taskRunners/rakefile.js';

/** Parsers of the files of frameworks and language tools. Parsers of TOML and YAML have their own bundles. */
export const frameworkParsers: readonly FileParser[] = [
  makefile,
  justfile,
  rakefile,
  projectScripts,
  nx,
  django,
  flask,
  fastapi,
  streamlit,
  rails,
  rack,
  laravel,
  php,
  go,
  maven,
  gradle,
  phoenix,
  dotnet,
  dotnetProject,
  deno,
  bun,
  documentationSites,
  staticFiles,
];
