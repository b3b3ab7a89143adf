// @ts-check
// Publishes a packed extension: node scripts/publish.mjs --help
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import JSZip from 'jszip';
import { readArguments } from './lib/arguments.mjs';
import { UsageError, runScript } from './lib/cleanup.mjs';
import { runVisible } from './lib/command.mjs';
import { fromRoot, repoRoot } from './lib/paths.mjs';
import { releaseProblems } from './lib/release.mjs';
import { installOnce } from './lib/cache.mjs';
import { packagesFolder } from './vscode/install.mjs';

/**
 * @typedef {object} Marketplace
 * @property {string} token the environment variable from which its publisher reads the access token
 * @property {() => Promise<string>} publisher returns the script of its publisher, installed
 */

/** @type {Readonly<Record<string, Marketplace>>} */
const marketplaces = {
  vscode: {
    token: 'VSCE_PAT',
    publisher: () => Promise.resolve(fromRoot('node_modules', '@vscode', 'vsce', 'vsce')),
  },
  openvsx: {
    token: 'OVSX_PAT',
    publisher: async () => {
      const folder = await installOnce({ product: 'ovsx', name: 'ovsx', packages: packagesFolder('ovsx') });
      return join(folder, 'node_modules', 'ovsx', 'bin', 'ovsx');
    },
  },
};

const help = `Usage: node scripts/publish.mjs ${Object.keys(marketplaces).join('|')} --vsix FILE [--tag TAG] [--dry-run]

Publishes FILE, which npm run package made, to the marketplace. VSCE_PAT or OVSX_PAT holds the access token.

  --tag TAG   the release's tag, which must name the version of package.json; default: GITHUB_REF_NAME
  --dry-run   checks everything and prints the command, but publishes nothing and needs no token`;

const options = /** @satisfies {import('node:util').ParseArgsOptionsConfig} */ ({
  vsix: { type: 'string' },
  tag: { type: 'string' },
  'dry-run': { type: 'boolean' },
});

await runScript(async () => {
  const { values, positionals } = readArguments(options, help, true);
  const marketplace = marketplaces[positionals[0] ?? ''];
  if (marketplace === undefined || positionals.length > 1 || values.vsix === undefined)
    throw new UsageError(help);
  const problems = await problemsOf(values.vsix, values.tag ?? process.env['GITHUB_REF_NAME']);
  const isDryRun = values['dry-run'] === true;
  if (!isDryRun && !process.env[marketplace.token]) problems.push(`${marketplace.token} is not set.`);
  for (const problem of problems) console.error(problem);
  return problems.length > 0 ? 1 : publish(await marketplace.publisher(), values.vsix, isDryRun);
});

/**
 * @param {string} script
 * @param {string} vsix
 * @param {boolean} isDryRun
 */
function publish(script, vsix, isDryRun) {
  // Both publishers read their tokens from the environment, so that no command line shows one.
  const command = [process.execPath, script, 'publish', '--packagePath', resolve(vsix)];
  console.log(`> ${command.join(' ')}`);
  return isDryRun ? Promise.resolve(0) : runVisible(command, { cwd: repoRoot });
}

/**
 * Returns why this package must not be published.
 * @param {string} vsix
 * @param {string | undefined} tag
 */
async function problemsOf(vsix, tag) {
  if (!existsSync(vsix)) return [`${vsix} does not exist.`];
  const zip = await JSZip.loadAsync(readFileSync(vsix));
  return releaseProblems({
    manifest: JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')),
    packed: JSON.parse((await zip.file('extension/package.json')?.async('string')) ?? '{}'),
    changelog: readFileSync(fromRoot('CHANGELOG.md'), 'utf8'),
    tag,
  });
}
