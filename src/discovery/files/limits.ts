/** Largest file that is read: larger ones are generated, and parsing them would block the extension host. */
export const maxFileBytes = 1024 * 1024;

/** More servers in one file are generated, and would make the tree useless. */
export const maxServersPerFile = 200;

/** Problems of one file that are kept; the others are counted. */
export const maxProblemsPerFile = 100;

/** Problems of one workspace folder that are kept; the others are counted. */
export const maxProblems = 1000;

/** Entries of one list that are read; more are generated. */
export const maxEntries = 1000;

/** Largest index of git that is read, that of some 300,000 files; where it is larger, what git ignores is left out. */
export const maxGitIndexBytes = 32 * 1024 * 1024;

/** Characters of an index of git from which on its files are too many to list: it is searched for those that matter. */
export const largeGitIndexLength = 4 * 1024 * 1024;

/** Files for which a large index of git is searched, the nearest to the workspace folder first. */
export const maxFilesInLargeGitIndex = 30;

/** Largest `.gitignore` that is applied. */
export const maxGitIgnoreBytes = 256 * 1024;

/** Rules of one `.gitignore` that are applied; more are generated. */
export const maxGitIgnoreRules = 1000;

/** Characters of a rule of a `.gitignore`; no path is as long. */
export const maxGitIgnoreRuleLength = 1000;

/** Files `.gitignore` that are applied per workspace folder, the nearest to it first. */
export const maxGitIgnores = 1000;

/** Time for which the rules of all `.gitignore` of a workspace folder are applied in one search, milliseconds. */
export const maxGitIgnoreMs = 10_000;

/** Scripts of one package that are read; more are generated. */
export const maxScriptsRead = 1000;

/** Packages read per workspace folder, the nearest to it first. */
export const maxPackages = 5000;

/** Files read per workspace folder for each other source, the nearest to it first. */
export const maxFilesPerSource = 500;

/** Characters of the name of a script or of another server. */
export const maxNameLength = 200;

/** Files that are read at the same time. */
export const maxReads = 16;

/** Time of uninterrupted work before other events have their turn, in milliseconds. */
export const sliceMs = 6;

/** Servers that may be configured for one folder; more would be generated. */
export const maxConfiguredServers = 1000;

/** Largest `.vscode/dev-servers.json` that is read; a larger one is generated. */
export const maxConfigurationBytes = 1024 * 1024;

/** Levels of objects and lists; deeper ones would need too much memory. */
export const maxConfigurationDepth = 50;
