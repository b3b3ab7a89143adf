/** Path of the shared configuration, relative to the workspace folder. */
export const configurationPath = '.vscode/dev-servers.json';
