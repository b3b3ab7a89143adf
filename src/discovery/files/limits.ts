/** A larger file is no file a person wrote, and parsing it would hold up the editor. */
export const maxFileBytes = 1024 * 1024;

/** More servers than this in one file are generated; the tree would be of no use. */
export const maxServersPerFile = 200;

/** Scripts of one package that are looked at; more are generated. */
export const maxScriptsRead = 1000;

/** Packages read per workspace folder; the ones nearest to it win. */
export const maxPackages = 5000;

/** Files read per workspace folder for each of the other sources; the ones nearest to it win. */
export const maxFilesPerSource = 500;

/** Characters of the name of a script or another server. */
export const maxNameLength = 200;

/** Files that are read at the same time. */
export const maxReads = 16;

/** How long the work goes on before others have their turn, in milliseconds. */
export const sliceMs = 6;

/** Servers that a person may have written for one folder; more would be generated. */
export const maxConfiguredServers = 1000;

/** A larger `.vscode/dev-servers.json` is no file a person wrote. */
export const maxConfigurationBytes = 1024 * 1024;

/** Objects and lists inside each other; deeper ones would need more memory than they are worth. */
export const maxConfigurationDepth = 50;
