/** A larger `package.json` is no file a person wrote, and parsing it would hold up the editor. */
export const maxPackageFileBytes = 1024 * 1024;

/** More dev-like scripts than this in one package are generated; the tree would be of no use. */
export const maxScriptsPerPackage = 200;

/** Packages read per workspace folder; the ones nearest to it win. */
export const maxPackages = 1000;

/** Characters of a script's name. */
export const maxScriptNameLength = 200;

/** Servers that a person may have written for one folder; more would be generated. */
export const maxConfiguredServers = 1000;

/** A larger `.vscode/dev-servers.json` is no file a person wrote. */
export const maxConfigurationBytes = 1024 * 1024;

/** Objects and lists inside each other; deeper ones would need more memory than they are worth. */
export const maxConfigurationDepth = 50;
