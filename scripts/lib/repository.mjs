// @ts-check

/** Stands for the owner in `repository` of package.json until there is a public repository; no account can have the name. */
const placeholderOwner = '__OWNER__';

/**
 * Returns whether package.json names a real repository, from which vsce derives the links of the README, the address for
 * problems and the home page.
 * @param {{ repository: string }} manifest
 */
export function hasPublicRepository({ repository }) {
  return !repository.includes(placeholderOwner);
}
