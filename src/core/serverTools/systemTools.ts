import { barePort, builds, portFlag, portOrP, shortPort, serversNamed, type ToolRow } from './toolRow.js';
import { untranslated } from '../text.js';

const nodeHint = untranslated(
  'Install Node.js. If a version manager such as nvm, fnm or asdf provides it, set "devServers.inheritShellEnvironment" to "always", or start the editor from a terminal.',
);

const pythonHint = untranslated(
  'Install Python, or create the project\'s environment, for example with "python -m venv .venv".',
);

const maven = {
  // Goals of plugins that run a server.
  serves: 'spring-boot:run quarkus:dev mn:run jetty:run liberty:dev helidon:dev payara-micro:dev',
  mayServe: 'exec:java exec:exec',
} as const;

const gradle = { serves: 'bootRun quarkusDev appRun jettyRun', mayServe: 'run' } as const;

/** Tools that are installed on the machine or in the environment of a language: interpreters, package managers, servers. */
export const systemTools = {
  ...serversNamed(`
    mailhog mailpit anvil redis-server mongod hypercorn daphne granian waitress-serve puma unicorn
    functions-framework-python sphinx-autobuild livereload mprocs process-compose chainlit hivemind shotgun modd
  `),
  'http.server': { otherwise: 'server', port: barePort },
  uvicorn: { otherwise: 'server', port: portFlag },
  gunicorn: {
    otherwise: 'server',
    port: { words: ['-b', '127.0.0.1:{}'], names: ['-b', '--bind'], lastCounts: false },
  },
  rackup: { otherwise: 'server', port: shortPort },
  hugo: { serves: 'server serve', port: portOrP },
  jekyll: { serves: 'serve server s', otherWork: builds, port: { ...portFlag, names: ['--port', '-P'] } },
  zola: { serves: 'serve', otherWork: builds },
  mkdocs: {
    serves: 'serve',
    otherWork: builds,
    port: { words: ['-a', 'localhost:{}'], names: ['-a', '--dev-addr'], lastCounts: true },
  },
  mdbook: { serves: 'serve watch', otherWork: builds },
  sam: { serves: 'start-api start-lambda' },
  func: { serves: 'start' },
  'manage.py': {
    packages: 'manage',
    serves: 'runserver runserver_plus',
    port: { ...barePort, commands: ['runserver'] },
  },
  flask: { serves: 'run', port: portOrP },
  fastapi: { serves: 'dev run', port: portFlag },
  rails: { serves: 'server s', port: shortPort },
  artisan: { serves: 'serve octane:start', port: { ...portFlag, commands: ['serve'] } },
  console: { serves: 'server:run server:start' },
  symfony: { serves: 'serve server:start' },
  mvn: maven,
  mvnw: maven,
  gradle,
  gradlew: gradle,
  iex: { serves: 'phx.server' },
  hanami: { serves: 'server dev' },
  streamlit: {
    serves: 'run',
    port: { words: ['--server.port', '{}'], names: ['--server.port'], lastCounts: true },
  },
  zensical: { serves: 'serve' },
  litestar: { serves: 'run' },
  quart: { serves: 'run' },
  reflex: { serves: 'run' },
  honcho: { serves: 'start' },
  goreman: { serves: 'start' },
  middleman: { serves: 'server serve' },
  pelican: { serves: '--listen' },
  jupyter: { serves: 'lab notebook server' },
  tilt: { serves: 'up' },
  skaffold: { serves: 'dev' },
  caddy: { serves: 'run file-server reverse-proxy' },
  trunk: {
    serves: 'serve',
    otherWork: builds,
    install: untranslated('Install it with "cargo install trunk".'),
  },
  dx: {
    serves: 'serve',
    otherWork: builds,
    install: untranslated('Install it with "cargo install dioxus-cli".'),
  },
  leptos: { serves: 'watch serve', otherWork: builds },
  air: { otherWork: 'init', otherwise: 'likely' },
  foreman: { serves: 'start' },
  overmind: { serves: 'start s' },
  // It runs several programs in panes.
  tmuxinator: { serves: 'start s' },
  php: {
    port: { words: ['-S', 'localhost:{}'], names: ['-S'], lastCounts: false, commands: ['-S'] },
    install: untranslated('Install PHP.'),
  },
  node: { install: nodeHint },
  npm: { install: nodeHint },
  npx: { install: nodeHint },
  corepack: { install: nodeHint },
  pnpm: { install: untranslated('Install it with "npm install --global pnpm" or "corepack enable".') },
  yarn: { install: untranslated('Install it with "npm install --global yarn" or "corepack enable".') },
  python: { install: pythonHint },
  python3: { install: pythonHint },
  py: { install: pythonHint },
  uv: { install: untranslated('Install uv, which runs Python in this project.') },
  poetry: { install: untranslated('Install Poetry, which runs Python in this project.') },
  pipenv: { install: untranslated('Install Pipenv, which runs Python in this project.') },
  ruby: {
    install: untranslated(
      'Install Ruby. If rbenv, rvm or asdf provides it, set "devServers.inheritShellEnvironment" to "always".',
    ),
  },
  composer: { install: untranslated('Install Composer.') },
  go: { install: untranslated('Install Go.') },
  cargo: {
    install: untranslated(
      'Install Rust with rustup, which puts it into the folder ".cargo/bin" of your home folder.',
    ),
  },
  dotnet: { install: untranslated('Install the .NET SDK.') },
  deno: { install: untranslated('Install Deno.') },
  bun: { install: untranslated('Install Bun.') },
  docker: { install: untranslated('Install and start Docker.') },
} satisfies Readonly<Record<string, ToolRow>>;
