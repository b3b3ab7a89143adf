import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { parse } from 'smol-toml';
import { clientFiles, withServer } from '../../../src/mcp/bridge/clientFiles.js';

const node = { command: 'node', env: { A: 'b' } };
const args = ['/storage/mcp.cjs', '/storage/agents'] as const;
const entry = { command: 'node', args: [...args], env: { A: 'b' } };

function fileAt(path: string) {
  return clientFiles.find((file) => file.path === path) ?? assert.fail(path);
}

describe('the configuration file of an MCP client', () => {
  it('is created in the format of each client', () => {
    const created = clientFiles.map((file): unknown => {
      const text = withServer(undefined, file, node, args);
      return JSON.parse(file.format === 'toml' ? JSON.stringify(parse(text)) : text);
    });
    assert.deepEqual(created, [
      { mcpServers: { 'dev-servers': entry } },
      { servers: { 'dev-servers': { type: 'stdio', ...entry } } },
      { mcpServers: { 'dev-servers': entry } },
      { mcp_servers: { 'dev-servers': entry } },
    ]);
  });

  it('keeps comments, other entries and line ends, and does not change when it is written again', () => {
    const text =
      '{\r\n  // mine\r\n  "mcpServers": {\r\n    "other": {\r\n      "command": "x" // theirs\r\n    }\r\n  },\r\n  "more": 1\r\n}\r\n';
    const merged = withServer(text, fileAt('.mcp.json'), node, args);
    assert.match(merged, /\/\/ mine\r\n/u);
    assert.match(merged, /"other": \{\r\n {6}"command": "x" \/\/ theirs\r\n {4}\}/u);
    assert.match(merged, /"dev-servers"/u);
    assert.equal(withServer(merged, fileAt('.mcp.json'), node, args), merged);
    const toml = '# mine\nmodel = "o"\n\n[mcp_servers.other]\ncommand = "x"';
    const codex = withServer(toml, fileAt('.codex/config.toml'), node, args);
    assert.ok(codex.startsWith(`${toml}\n`));
    assert.equal(withServer(codex, fileAt('.codex/config.toml'), node, args), codex);
  });

  it('keeps a byte order mark, and tabs', () => {
    const text = '\uFEFF{\n\t"mcpServers": {\n\t\t"other": {}\n\t}\n}\n';
    const merged = withServer(text, fileAt('.mcp.json'), node, args);
    assert.match(
      merged,
      /^\uFEFF\{\n\t"mcpServers": \{\n\t\t"other": \{\},\n\t\t"dev-servers": \{\n\t\t\t"command"/u,
    );
    assert.deepEqual(JSON.parse(withServer('\uFEFF', fileAt('.cursor/mcp.json'), node, args).slice(1)), {
      mcpServers: { 'dev-servers': entry },
    });
    const toml = withServer('\uFEFFmodel = "o"\n', fileAt('.codex/config.toml'), node, args);
    assert.match(toml, /^\uFEFFmodel = "o"\n\n\[mcp_servers\.dev-servers\]/u);
  });

  it('gets the new command of its own entry, and never replaces one of another program', () => {
    const old = withServer(undefined, fileAt('.mcp.json'), { command: 'old-node', env: {} }, args);
    const merged = withServer(old, fileAt('.mcp.json'), node, args);
    assert.deepEqual(JSON.parse(merged), { mcpServers: { 'dev-servers': entry } });
    const foreign = { 'dev-servers': { command: 'mine', args: ['x'] } };
    const files: readonly (readonly [string, string])[] = [
      ['.mcp.json', JSON.stringify({ mcpServers: foreign })],
      ['.codex/config.toml', '[mcp_servers.dev-servers]\ncommand = "mine"\n'],
    ];
    for (const [path, text] of files) {
      assert.throws(() => withServer(text, fileAt(path), node, args), { reason: 'foreignEntry' });
    }
  });

  it('is left alone when it is not valid', () => {
    const twice = '{ "mcpServers": {}, "mcpServers": { "b": {} } }';
    for (const text of ['{', '[]', '{ "mcpServers": 7 }', '{ "mcpServers": null }', twice])
      assert.throws(() => withServer(text, fileAt('.mcp.json'), node, args), { reason: 'invalid' });
    for (const text of ['a = ', '[[mcp_servers]]\na = 1\n', 'mcp_servers = { x = {} }\n'])
      assert.throws(() => withServer(text, fileAt('.codex/config.toml'), node, args), { reason: 'invalid' });
  });
});
