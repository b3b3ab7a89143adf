import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { makePrivateFolder } from '../../host/system/privateFolder.js';
import { replaceSharedFile } from '../../host/system/replaceFile.js';

/** A command that runs a Node program. */
export interface NodeCommand {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Returns the Node that the extension runs in. An update of the editor may remove it. */
export function editorNode(): NodeCommand {
  const isElectron = process.versions['electron'] !== undefined;
  return { command: process.execPath, env: isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {} };
}

/**
 * Returns a Node that survives an update of the editor: the editor's own if its path does not change, or else an
 * installed one that is new enough.
 */
export async function installedNode(): Promise<NodeCommand> {
  const own = editorNode();
  if ('ELECTRON_RUN_AS_NODE' in own.env) return own;
  const options = { timeout: 5000, windowsHide: true };
  const found = await promisify(execFile)('node', ['--version'], options).catch(() => undefined);
  const major = Number(/^v(\d+)\./u.exec(found?.stdout ?? '')?.[1] ?? 0);
  return major >= 20 ? { command: 'node', env: {} } : own;
}

/** Returns the configuration of an MCP client, in the most common format. */
export function mcpConfiguration({ command, env }: NodeCommand, args: readonly string[]): string {
  return JSON.stringify({ mcpServers: { 'dev-servers': { command, args, env } } }, undefined, 2);
}

/**
 * Writes the program that configurations name; it loads that of the extension, whose path changes with each update. Several
 * windows and commands may do so at the same time.
 */
export async function writeLauncher(path: string, program: string): Promise<void> {
  const text = `// Written by the extension Dev Server Registry.\nrequire(${JSON.stringify(program)});\n`;
  if ((await readFile(path, 'utf8').catch(() => '')) === text) return;
  await makePrivateFolder(dirname(path));
  await replaceSharedFile(path, text);
}
