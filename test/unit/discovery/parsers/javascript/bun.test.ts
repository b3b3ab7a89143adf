import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { bun } from '../../../../../src/discovery/parsers/javascript/bun.js';
import { found } from '../../support/workspace.js';

const call =
  'const server = Bun.serve({\n  port: 3000,\n  fetch(request) {\n    return new Response("hi");\n  },\n});\n';

describe('An entry file of a Bun project', () => {
  it('is a server if it starts one', () => {
    assert.deepEqual(found(bun, { 'index.ts': call, 'package.json': '{}', 'bun.lock': '' }), [
      'index.ts › index.ts: bun --hot index.ts',
    ]);
    const imported =
      'import { serve } from "bun";\nimport page from "./index.html";\n\nserve({ routes: {} });\n';
    assert.deepEqual(
      found(bun, { 'apps/web/server.tsx': imported, 'apps/web/package.json': '{}', 'bun.lock': '' }),
      ['apps/web/server.tsx › server.tsx: bun --hot server.tsx (in apps/web)'],
    );
  });

  it('is a server if it exports a request handler', () => {
    const text =
      'export default {\n  port: 4000,\n  async fetch(request) {\n    return new Response();\n  },\n};\n';
    assert.deepEqual(found(bun, { 'server.ts': text, 'bun.lockb': '' }), [
      'server.ts › server.ts: bun --hot server.ts',
    ]);
  });

  it('is not a server as written by `bun init`, without Bun, or in a source folder', () => {
    assert.deepEqual(
      found(bun, {
        'index.ts': 'console.log("Hello via Bun!");\n// Bun.serve({})\n',
        'bun.lock': '',
        'package.json': '{}',
        'src/index.ts': call,
      }),
      [],
    );
    assert.deepEqual(found(bun, { 'index.ts': call, 'package.json': '{}' }), []);
  });
});
