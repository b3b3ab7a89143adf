import type { Translator } from '../common.js';
import { escaped } from '../plainText.js';
import type { ServerCommand, ServerDefinition } from '../server/definition.js';
import { joinList } from '../text.js';

/** Returns what a server would execute: its command with its folder, variables and scripts. */
export function executionLines(
  {
    command,
    cwd,
    env,
    envFiles = [],
    script,
    portArgument,
  }: Pick<ServerDefinition, 'command' | 'cwd' | 'env' | 'envFiles' | 'script' | 'portArgument'>,
  l10n: Translator,
): readonly string[] {
  const variables = Object.entries(env).map(([name, value]) => `${asciiOnly(name)}=${quoteArgument(value)}`);
  return [
    l10n.t('Command: {0}', exactCommand(command, portArgument)),
    ...(script ? [l10n.t('Script: {0}', asciiOnly(script.body))] : []),
    ...(script?.others ?? []).map(([name, body]) =>
      l10n.t('Script {0}: {1}', asciiOnly(name), asciiOnly(body)),
    ),
    l10n.t('Folder: {0}', cwd),
    ...(variables.length > 0 ? [l10n.t('Environment variables: {0}', variables.join(' '))] : []),
    ...(envFiles.length > 0 ? [l10n.t('Environment files: {0}', joinList(envFiles, l10n))] : []),
  ];
}

/**
 * Returns a command as it is executed, with its arguments quoted and every misleading character escaped: after the shell,
 * if that is not the usual one, and before the arguments that may pass the port.
 */
export function exactCommand(command: ServerCommand, portArgument?: string): string {
  const text = command.kind === 'shell' ? shellText(command) : argumentsText([command.file, ...command.args]);
  return portArgument === undefined ? text : `${text} ${asciiOnly(portArgument)}`;
}

function shellText({ line, shell }: Extract<ServerCommand, { kind: 'shell' }>): string {
  return shell === undefined ? asciiOnly(line) : `${quoteArgument(shell)}: ${asciiOnly(line)}`;
}

function argumentsText(words: readonly string[]): string {
  return words.map(quoteArgument).join(' ');
}

function quoteArgument(argument: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(argument)) return argument;
  return asciiOnly(JSON.stringify(argument));
}

/** Escapes characters outside ASCII: they may look like others, or change the direction of the text after them. */
function asciiOnly(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/gu, escaped);
}
