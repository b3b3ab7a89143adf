// @ts-check

/**
 * @typedef {object} Manifest
 * @property {string} publisher
 * @property {string} name
 * @property {string} version
 * @property {string} repository
 */

/**
 * Placeholder for the owner in `repository` of package.json until there is a public repository; no account can have
 * this name.
 */
const placeholderOwner = '__OWNER__';

/**
 * Returns whether package.json names a real repository, from which vsce derives the links of the README, the address for
 * problems and the home page.
 * @param {Pick<Manifest, 'repository'>} manifest
 */
function hasPublicRepository({ repository }) {
  return !repository.includes(placeholderOwner);
}

/**
 * Returns why a package must not be published as the release of a tag.
 * @param {{ manifest: Manifest, packed: Partial<Manifest>, changelog: string, tag: string | undefined }} release
 *   `packed` is the manifest inside the package
 * @returns {string[]}
 */
export function releaseProblems({ manifest, packed, changelog, tag }) {
  const { version } = manifest;
  const problems = [];
  if (tag !== `v${version}`) problems.push(`The tag is ${tag}, but package.json has the version ${version}.`);
  if (!hasPublicRepository(manifest))
    problems.push('"repository" in package.json has a placeholder for its owner.');
  if (!changelog.split(/\r?\n/).includes(`## ${version}`))
    problems.push(`CHANGELOG.md has no section "## ${version}".`);
  for (const key of /** @type {const} */ (['publisher', 'name', 'version'])) {
    if (packed[key] !== manifest[key])
      problems.push(`The package has the ${key} ${packed[key]}, but package.json has ${manifest[key]}.`);
  }
  return problems;
}
