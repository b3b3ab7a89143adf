import { splitList } from './toolRow.js';

/** Programs that never serve, with any arguments: compilers, linters, tests and commands of a shell. */
export const otherPrograms: ReadonlySet<string> = new Set(
  splitList(`
    tsc tsup tsdown tspc ttsc vue-tsc rollup rolldown swc babel microbundle ncc pkg unbuild bunchee tsgo
    esbuild-node eslint prettier stylelint biome oxlint oxfmt xo standard tslint dprint jest vitest mocha
    ava tap c8 nyc karma cypress playwright wdio testcafe web-test-runner wtr uvu tailwindcss postcss sass
    node-sass lessc stylus typedoc jsdoc api-extractor changeset semantic-release release-it np syncpack ncu
    npm-check-updates knip depcheck madge size-limit lighthouse lhci start-server-and-test start-test
    server-test wait-on wait-port gh-pages surge husky lint-staged patch-package electron electron-builder electron-rebuild
    cap rimraf rm mkdir cp cpx cpy cpy-cli mv cd export set unset true false exit echo printf sleep touch
    cat date clear open opener open-cli kill-port fkill kill pkill killall git source . test [ chmod ln find
    grep sed curl wget tar zip del copyfiles ncp mkdirp shx svelte-check graphql-codegen typeorm knex
    sequelize buf protoc openapi openapi-generator-cli orval plop hygen svgo imagemin chromatic loki percy
    pytest ruff mypy black rspec rubocop phpunit pint bundle-analyzer source-map-explorer tsc-alias
    tsc-watch tsc-multi ts-node-types svelte-kit react-native-asset graphql-inspector node-gyp prebuildify
    nx-cloud pod xcodebuild adb trap payload pm2 pip pip3 poetry pipenv uv bundle swag sqlc goose alembic isort
    flake8 pyright coverage golangci-lint gofmt mockgen terraform kubectl helm psql createdb dropdb setup.py
    stripe ngrok pre-commit ctlptl minikube k3d cloudflared localtunnel lt smee web-ext untun shakapacker
  `),
);
