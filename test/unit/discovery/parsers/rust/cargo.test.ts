import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { cargo } from '../../../../../src/discovery/parsers/rust/cargo.js';
import { found } from '../../support/workspace.js';

/** Written by `cargo new shop` and `cargo add`. */
const manifest = (dependencies: string, more = '') => `[package]
name = "shop"
version = "0.1.0"
edition = "2024"

[dependencies]
${dependencies}
${more}`;

describe('A Cargo package', () => {
  for (const dependency of [
    'axum = "0.8.6"\ntokio = { version = "1", features = ["full"] }',
    'actix-web = "4"',
    'rocket = "0.5.1"',
    'warp = "0.4"',
    'poem = { version = "3" }',
    'salvo.workspace = true',
    'web = { package = "axum", version = "0.8" }',
  ]) {
    it(`is a server with ${dependency.split('\n')[0]}`, () => {
      assert.deepEqual(found(cargo, { 'Cargo.toml': manifest(dependency), 'src/main.rs': '' }), [
        'Cargo.toml › shop: cargo run',
      ]);
    });
  }

  it('is not a server without a web framework, without a program, or as a workspace', () => {
    assert.deepEqual(
      found(cargo, {
        'a/Cargo.toml': manifest('clap = "4"'),
        'a/src/main.rs': '',
        'b/Cargo.toml': manifest('axum = "0.8"'),
        'b/src/lib.rs': '',
        'c/Cargo.toml': manifest('axum = "0.8"', '[lib]\npath = "lib.rs"'),
        'Cargo.toml': '[workspace]\nmembers = ["a"]\n[workspace.dependencies]\naxum = "0.8"\n',
      }),
      [],
    );
  });

  it('is a server for each of its programs', () => {
    const bins =
      '[[bin]]\nname = "api"\npath = "src/main.rs"\n\n[[bin]]\nname = "admin"\npath = "src/bin/panel.rs"\n';
    assert.deepEqual(
      found(cargo, {
        'crates/web/Cargo.toml': manifest('axum = "0.8"', bins),
        'crates/web/src/main.rs': '',
        'crates/web/src/bin/panel.rs': '',
        'crates/web/src/bin/worker.rs': '',
      }),
      ['api', 'admin', 'worker'].map(
        (name) => `crates/web/Cargo.toml › ${name}: cargo run --bin ${name} (in crates/web)`,
      ),
    );
    const only = manifest('axum = "0.8"', '[[bin]]\nname = "api"\n').replace(
      '[package]',
      '[package]\nautobins = false',
    );
    assert.deepEqual(found(cargo, { 'Cargo.toml': only, 'src/main.rs': '', 'src/bin/x.rs': '' }), [
      'Cargo.toml › api: cargo run',
    ]);
  });

  it('is served by the tool that it is set up for', () => {
    assert.deepEqual(
      found(cargo, {
        'a/Cargo.toml': manifest(
          'leptos = "0.8"\naxum = "0.8"',
          '[package.metadata.leptos]\noutput-name = "x"',
        ),
        'b/Cargo.toml': manifest('yew = { version = "0.21", features = ["csr"] }'),
        'b/index.html': '',
        'c/Cargo.toml': manifest('leptos = "0.8"'),
        'c/Trunk.toml': '',
        'd/Cargo.toml': manifest('dioxus = "0.7"'),
        'd/Dioxus.toml': '',
      }),
      [
        'a/Cargo.toml › cargo leptos: cargo leptos watch (in a)',
        'b/Cargo.toml › trunk serve: trunk serve (in b)',
        'c/Cargo.toml › trunk serve: trunk serve (in c)',
        'd/Cargo.toml › dx serve: dx serve (in d)',
      ],
    );
  });

  it('reports what is wrong with it', () => {
    assert.deepEqual(
      found(cargo, {
        'a/Cargo.toml': '[package',
        'b/Cargo.toml': manifest('axum = "0.8"', '[[bin]]\nname = "--release"\n[[bin]]\nname = "api"'),
      }),
      [
        '! a/Cargo.toml: It is not valid TOML: Invalid TOML document: incomplete key-value: cannot find end of key',
        'b/Cargo.toml › api: cargo run --bin api (in b)',
        '! b/Cargo.toml: The binary "--release" was ignored: it starts with a dash, so it would be read as an option.',
      ],
    );
  });
});
