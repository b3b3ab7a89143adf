import type { Classification } from './classification.js';

const builds =
  'build optimize export generate lint test check sync prepare deploy info telemetry add clean eject';

/** Tools that serve, whatever they are given. */
export const servers = `
  http-server serve live-server lite-server five-server json-server sirv servor local-web-server ws superstatic reload
  webpack-dev-server web-dev-server wds es-dev-server start-storybook micro-dev remix-serve react-router-serve
  elm-live slidev maildev mailhog mailpit azurite miniflare ganache anvil redis-server mongod http.server uvicorn
  hypercorn daphne gunicorn granian waitress-serve rackup puma unicorn functions-framework functions-framework-python
  sphinx-autobuild livereload pm2-runtime pm2-dev wmr graphql-faker verdaccio bun-serve
  fastify browser-sync livereloadx ts-graphql-server polyserve astro-dev-server webpack-serve
`;

/** Tools that do other work, whatever they are given. */
export const workers = `
  tsc tsup tsdown tspc ttsc vue-tsc rollup rolldown swc babel microbundle ncc pkg unbuild bunchee tsgo esbuild-node
  eslint prettier stylelint biome oxlint oxfmt xo standard tslint dprint jest vitest mocha ava tap c8 nyc karma cypress
  playwright wdio testcafe web-test-runner wtr uvu tailwindcss postcss sass node-sass lessc stylus typedoc jsdoc
  api-extractor changeset semantic-release release-it np syncpack ncu npm-check-updates knip depcheck madge size-limit
  lighthouse lhci start-server-and-test start-test server-test wait-on wait-port gh-pages surge husky lint-staged
  patch-package electron electron-builder cap rimraf rm mkdir cp cpx cpy cpy-cli mv cd export set unset true false
  exit echo printf sleep touch cat date clear open opener open-cli kill-port fkill kill pkill killall git source .
  test [ chmod ln find grep sed curl wget tar zip del copyfiles ncp mkdirp shx svelte-check graphql-codegen typeorm knex
  sequelize buf protoc openapi openapi-generator-cli orval plop hygen svgo imagemin chromatic loki percy pytest tox ruff
  mypy black rspec rubocop phpunit pint bundle-analyzer source-map-explorer tsc-alias tsc-watch tsc-multi ts-node-types
  svelte-kit react-native-asset graphql-inspector node-gyp prebuildify nx-cloud pod xcodebuild adb trap ntl
`;

/** Tools by the words, or beginnings of long options, with which they serve and with which they do other work. */
export const table: Readonly<
  Record<string, readonly [serves: string, other: string, otherwise: Classification]>
> = {
  vite: ['dev serve preview', builds, 'server'],
  next: ['dev start', `${builds} typegen experimental-test`, 'server'],
  nuxt: ['dev start preview', `${builds} generate typecheck analyze module cleanup upgrade`, 'server'],
  nuxi: ['dev start preview', builds, 'other'],
  astro: ['dev start preview', builds, 'other'],
  ng: ['serve s dev', builds, 'other'],
  webpack: ['serve server s', '', 'other'],
  'webpack-cli': ['serve server s', '', 'other'],
  rspack: ['serve server s dev preview', '', 'other'],
  rsbuild: ['dev preview', 'build inspect', 'server'],
  rspress: ['dev preview', 'build', 'server'],
  farm: ['start dev preview', 'build watch', 'server'],
  esbuild: ['--serve', '', 'other'],
  parcel: ['serve', 'build watch', 'server'],
  snowpack: ['dev', 'build', 'other'],
  'react-scripts': ['start', builds, 'other'],
  'react-app-rewired': ['start', builds, 'other'],
  craco: ['start', builds, 'other'],
  razzle: ['start', builds, 'other'],
  preact: ['watch serve', builds, 'other'],
  'vue-cli-service': ['serve', builds, 'other'],
  remix: ['dev vite:dev', `${builds} watch`, 'other'],
  'react-router': ['dev', `${builds} typegen routes reveal`, 'other'],
  vinxi: ['dev start serve', builds, 'other'],
  'solid-start': ['dev start', builds, 'other'],
  waku: ['dev start', builds, 'other'],
  gatsby: ['develop serve', builds, 'other'],
  gridsome: ['develop', builds, 'other'],
  docusaurus: ['start serve', builds, 'other'],
  vitepress: ['dev serve preview', builds, 'server'],
  vuepress: ['dev serve', builds, 'other'],
  'vuepress-vite': ['dev', builds, 'other'],
  'vuepress-webpack': ['dev', builds, 'other'],
  eleventy: ['--serve', '', 'other'],
  hexo: ['server s', builds, 'other'],
  hugo: ['server serve', '', 'other'],
  jekyll: ['serve server s', builds, 'other'],
  zola: ['serve', builds, 'other'],
  mkdocs: ['serve', builds, 'other'],
  mdbook: ['serve watch', builds, 'other'],
  docsify: ['serve', 'init', 'other'],
  honkit: ['serve', builds, 'other'],
  mintlify: ['dev', '', 'other'],
  mint: ['dev', '', 'other'],
  storybook: ['dev', builds, 'other'],
  sb: ['dev', builds, 'other'],
  ladle: ['serve dev preview', builds, 'other'],
  histoire: ['dev preview', builds, 'other'],
  styleguidist: ['server', builds, 'other'],
  cosmos: ['', 'export', 'server'],
  wrangler: ['dev', `${builds} publish types tail`, 'other'],
  partykit: ['dev', builds, 'other'],
  vercel: ['dev', '', 'other'],
  netlify: ['dev serve', '', 'other'],
  ntl: ['dev', '', 'other'],
  firebase: ['serve emulators:start', 'deploy', 'other'],
  serverless: ['offline dev', '', 'other'],
  sls: ['offline dev', '', 'other'],
  sam: ['start-api start-lambda', '', 'other'],
  func: ['start', '', 'other'],
  swa: ['start', '', 'other'],
  sst: ['dev', '', 'other'],
  'inngest-cli': ['dev start', '', 'other'],
  'trigger.dev': ['dev', '', 'other'],
  email: ['dev start preview', builds, 'other'],
  nest: ['start', `${builds} new g`, 'other'],
  nodecg: ['start', '', 'other'],
  strapi: ['develop dev start', builds, 'other'],
  keystone: ['dev start', builds, 'other'],
  medusa: ['develop start', builds, 'other'],
  directus: ['start', '', 'other'],
  sanity: ['dev start preview', builds, 'other'],
  tinacms: ['dev', builds, 'other'],
  payload: ['', '', 'other'],
  blitz: ['dev start', builds, 'other'],
  rw: ['dev serve', builds, 'other'],
  redwood: ['dev serve', builds, 'other'],
  ace: ['serve', '', 'other'],
  sails: ['lift', '', 'other'],
  meteor: ['run', `${builds} npm add create`, 'server'],
  ember: ['serve server s', builds, 'other'],
  ionic: ['serve', builds, 'other'],
  quasar: ['dev serve', builds, 'other'],
  umi: ['dev', builds, 'other'],
  max: ['dev', builds, 'other'],
  dumi: ['dev', builds, 'other'],
  modern: ['dev start serve', builds, 'other'],
  ice: ['start', builds, 'other'],
  encore: ['dev-server', '', 'other'],
  mix: ['--hot hot', '', 'other'],
  poi: ['--serve -s dev', builds, 'other'],
  expo: ['start', 'run:android run:ios prebuild export install customize lint', 'server'],
  'react-native': ['start', '', 'other'],
  'electron-vite': ['dev preview', builds, 'server'],
  'electron-forge': ['start', '', 'other'],
  tauri: ['dev', '', 'other'],
  wxt: ['', `${builds} zip prepare submit`, 'server'],
  plasmo: ['dev', builds, 'other'],
  'shadow-cljs': ['watch server', '', 'other'],
  marp: ['-s --server', '', 'other'],
  prisma: ['studio', '', 'other'],
  'drizzle-kit': ['studio', '', 'other'],
  hardhat: ['node', '', 'other'],
  prism: ['mock proxy', '', 'other'],
  'mockoon-cli': ['start', '', 'other'],
  redocly: ['preview preview-docs', '', 'other'],
  'moleculer-runner': ['', '', 'likely'],
  'manage.py': ['runserver runserver_plus', '', 'other'],
  flask: ['run', '', 'other'],
  fastapi: ['dev run', '', 'other'],
  rails: ['server s', '', 'other'],
  artisan: ['serve octane:start', '', 'other'],
  symfony: ['serve server:start', '', 'other'],
  mvn: ['spring-boot:run quarkus:dev jetty:run', '', 'other'],
  mvnw: ['spring-boot:run quarkus:dev', '', 'other'],
  gradle: ['bootRun quarkusDev', '', 'other'],
  gradlew: ['bootRun quarkusDev', '', 'other'],
  caddy: ['run file-server reverse-proxy', '', 'other'],
  trunk: ['serve', builds, 'other'],
  dx: ['serve', builds, 'other'],
  leptos: ['watch serve', builds, 'other'],
  air: ['', 'init', 'likely'],
  foreman: ['start', '', 'other'],
  overmind: ['start s', '', 'other'],
  nf: ['start', '', 'other'],
  pm2: ['', '', 'other'],
  workerd: ['serve', '', 'other'],
  'fastify-cli': ['start', 'generate', 'other'],
  probot: ['run', '', 'other'],
  'gulp-cli': ['', '', 'unknown'],
};
