/** A larger `package.json` is no file a person wrote, and parsing it would hold up the editor. */
export const maxPackageFileBytes = 1024 * 1024;

/** More dev-like scripts than this in one package are generated; the tree would be of no use. */
export const maxScriptsPerPackage = 200;

/** Scripts of one package that are looked at; more are generated. */
export const maxScriptsRead = 1000;

/** Packages read per workspace folder; the ones nearest to it win. */
export const maxPackages = 1000;

/** Characters of a script's name. */
export const maxScriptNameLength = 200;
