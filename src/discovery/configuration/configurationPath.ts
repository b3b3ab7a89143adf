/** Where the servers of a workspace folder are configured for everybody who works in it. */
export const configurationPath = '.vscode/dev-servers.json';
