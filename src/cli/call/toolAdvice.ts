import { posixWord } from '../../core/commandLine/posixWord.js';

/** Commands that do what the tools of agents do. */
const commands: Readonly<Record<string, string>> = {
  devservers_get_server_logs: 'logs',
  devservers_list_servers: 'list',
  devservers_wait_until_ready: 'wait',
};

const advice = /\bcall (?<tool>devservers_\w+)(?: with the id (?<id>"(?:[^"\\]|\\.)*"))?/gu;

/**
 * Returns the answer of a tool for the terminal, whose reader is the user, and runs commands instead of tools. The id of a
 * server may have `$(…)` in it, and the command is copied, so it is quoted.
 */
export function adviceForTerminal(text: string): string {
  const toUser = text.replaceAll(/\bAsk the user to ([a-z])/gu, (_, first: string) => first.toUpperCase());
  return toUser.replaceAll(advice, (whole, tool: string, id: string | undefined) => {
    const command = commands[tool];
    if (command === undefined) return whole;
    return `run devservers ${command}${id === undefined ? '' : ` ${posixWord(JSON.parse(id) as string)}`}`;
  });
}
