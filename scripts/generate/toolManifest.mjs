// @ts-check
// Writes the agent tools of the code to package.json and package.nls.json. The editor reads the tools from there, and
// esbuild.js the schemas of the MCP server.
import { readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { readArguments } from '../lib/arguments.mjs';
import { runScript } from '../lib/cleanup.mjs';
import { fromRoot } from '../lib/paths.mjs';

await runScript(async () => {
  readArguments({}, 'Usage: node scripts/generate/toolManifest.mjs');
  const [manifest, texts] = [await readJson('package.json'), await readJson('package.nls.json')];
  const { contributes } = manifest;
  const tools = await manifestTools();
  contributes.languageModelTools = tools.map(({ name, title, ...fields }) => {
    const present = contributes.languageModelTools.find(
      (/** @type {{ name: string }} */ each) => each.name === name,
    );
    if (!present)
      throw new Error(`package.json has no tool ${name}. Add its displayName, icon and tags first.`);
    texts[present.displayName.slice(1, -1)] = title;
    return Object.assign(present, fields);
  });
  await writeJson('package.json', manifest);
  await writeJson('package.nls.json', texts);
  return 0;
});

/**
 * Loads the tools from the TypeScript source.
 * @returns {Promise<readonly import('../../src/core/agents/toolManifest.js').ManifestTool[]>}
 */
async function manifestTools() {
  const { outputFiles } = await build({
    entryPoints: [fromRoot('src/core/agents/toolManifest.ts')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)).manifestTools();
}

/** @param {string} file */
async function readJson(file) {
  return JSON.parse(await readFile(fromRoot(file), 'utf8'));
}

/**
 * @param {string} file
 * @param {unknown} value
 */
async function writeJson(file, value) {
  await writeFile(fromRoot(file), `${JSON.stringify(value, undefined, 2)}\n`);
}
