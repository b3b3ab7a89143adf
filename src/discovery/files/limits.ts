/** Largest file that is read. Larger ones are generated, and parsing them would block the extension host. */
export const maxFileBytes = 1024 * 1024;

/** Maximum number of servers in one file. Files with more are generated, and would make the tree useless. */
export const maxServersPerFile = 200;

/** Problems of one file that are kept; the others are counted. */
export const maxProblemsPerFile = 100;

/** Problems of one workspace folder that are kept; the others are counted. */
export const maxProblems = 1000;

/** Entries of one list that are read. Longer lists are generated. */
export const maxEntries = 1000;

/**
 * Largest index of git that is read, enough for about 300,000 files. If it is larger, files that git ignores are left
 * out even if git tracks them.
 */
export const maxGitIndexBytes = 32 * 1024 * 1024;

/**
 * Length of an index of git, in characters, above which its files are too many to list. It is then searched for the
 * relevant files only.
 */
export const largeGitIndexLength = 4 * 1024 * 1024;

/** Number of files that are searched for in a large index of git, the nearest to the workspace folder first. */
export const maxFilesInLargeGitIndex = 30;

/** Largest `.gitignore` that is applied. */
export const maxGitIgnoreBytes = 256 * 1024;

/** Rules of one `.gitignore` that are applied. Longer files are generated. */
export const maxGitIgnoreRules = 1000;

/** Longest rule of a `.gitignore` that is applied, in characters. No path is that long. */
export const maxGitIgnoreRuleLength = 1000;

/** Number of `.gitignore` files that are applied per workspace folder, the nearest to it first. */
export const maxGitIgnores = 1000;

/** Time limit for the `.gitignore` rules of a workspace folder in one search, milliseconds. */
export const maxGitIgnoreMs = 10_000;

/** Scripts of one package that are read. Packages with more are generated. */
export const maxScriptsRead = 1000;

/** Packages read per workspace folder, the nearest to it first. */
export const maxPackages = 5000;

/** Files read per workspace folder for each other source, the nearest to it first. */
export const maxFilesPerSource = 500;

/** Longest name of a script or of another server, in characters. */
export const maxNameLength = 200;

/** Files that are read at the same time. */
export const maxReads = 16;

/** Longest time of uninterrupted work before other events get their turn, in milliseconds. */
export const sliceMs = 6;

/** Maximum number of configured servers of one folder. Longer lists are generated. */
export const maxConfiguredServers = 1000;

/** Largest `.vscode/dev-servers.json` that is read. Larger ones are generated. */
export const maxConfigurationBytes = 1024 * 1024;

/** Maximum depth of nested objects and lists. Deeper ones would need too much memory. */
export const maxConfigurationDepth = 50;
