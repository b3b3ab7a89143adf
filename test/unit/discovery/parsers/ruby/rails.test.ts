import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { rails } from '../../../../../src/discovery/parsers/ruby/rails.js';
import { found } from '../../support/workspace.js';

/** Written by `rails new`. */
const binRails = `#!/usr/bin/env ruby
APP_PATH = File.expand_path("../config/application", __dir__)
require_relative "../config/boot"
require "rails/commands"
`;

describe('A Rails project', () => {
  it('is started by bin/dev if there is one, since that also builds scripts and styles', () => {
    assert.deepEqual(found(rails, { 'shop/bin/rails': binRails, 'shop/bin/dev': '' }), [
      'shop/bin/dev › bin/dev: bin/dev (in shop, :3000)',
      'shop/bin/rails › rails server: bin/rails server (in shop, :3000)',
    ]);
  });

  it('is started by bin/rails otherwise', () => {
    assert.deepEqual(found(rails, { 'bin/rails': binRails }), [
      'bin/rails › rails server: bin/rails server (:3000)',
    ]);
  });

  it('is started by Ruby on Windows, which does not support `#!`', () => {
    assert.deepEqual(found(rails, { 'bin/rails': binRails, 'bin/dev': '' }, { system: 'windows' }), [
      'bin/rails › rails server: ruby bin/rails server (:3000)',
    ]);
  });

  it('is not a Rails engine, which has no server of its own', () => {
    const engine =
      'ENGINE_ROOT = File.expand_path("..", __dir__)\nrequire "rails/all"\nrequire "rails/engine/commands"\n';
    assert.deepEqual(found(rails, { 'bin/rails': engine }), []);
  });
});
