'use strict';

/** Modules of Node that take a tenth of its start each, and that most calls of the command line do not need. */
const slowModules = ['node:child_process', 'node:fs/promises'];

/**
 * Loads slow modules of Node when one of their functions is first used.
 * @type {import('esbuild').Plugin}
 */
const lazyModules = {
  name: 'lazy-modules',
  setup(bundler) {
    bundler.onResolve({ filter: new RegExp(`^(${slowModules.join('|')})$`) }, ({ path: name, namespace }) =>
      namespace === 'lazy' ? { path: name, external: true } : { path: name, namespace: 'lazy' },
    );
    bundler.onLoad({ filter: /./, namespace: 'lazy' }, ({ path: name }) => ({
      contents: `for (const key of '${Object.keys(require(name)).join(' ')}'.split(' '))
        Object.defineProperty(exports, key, { enumerable: true, get: () => require('${name}')[key] });`,
    }));
  },
};

module.exports = { lazyModules };
