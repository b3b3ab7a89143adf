import { posixWord } from '../../core/commandLine/posixWord.js';

/** Commands that correspond to the tools of agents. */
const commands: Readonly<Record<string, string>> = {
  devservers_get_server_logs: 'logs',
  devservers_list_servers: 'list',
  devservers_wait_until_ready: 'wait',
};

const advice = /\bcall (?<tool>devservers_\w+)(?: with the id (?<id>"(?:[^"\\]|\\.)*"))?/gu;

/**
 * Returns the answer of a tool for the terminal. It addresses the user, and names commands instead of tools. An id may
 * contain `$(…)`, and users copy the command, so the id is quoted.
 */
export function adviceForTerminal(text: string): string {
  const toUser = text.replaceAll(/\bAsk the user to ([a-z])/gu, (_, first: string) => first.toUpperCase());
  return toUser.replaceAll(advice, (whole, tool: string, id: string | undefined) => {
    const command = commands[tool];
    if (command === undefined) return whole;
    return `run devservers ${command}${id === undefined ? '' : ` ${posixWord(JSON.parse(id) as string)}`}`;
  });
}
