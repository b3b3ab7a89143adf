import { programName } from '../system/processes.js';

/** Shells that ignore SIGTERM while they wait for input; one that leads a login session has a hyphen before its name. */
const shells = /^-?(?:ba|z|fi|da|a|k|mk|c|tc)?sh$/;

/** Options whose value is the next word. */
const optionsWithValue = new Set(['--rcfile', '--init-file', '-o', '+o', '-O', '+O']);

/** Commands that run before the first prompt. Where they end cannot be seen in a command line. */
const commandsBeforePrompt = new Set(['--init-command', '-C']);

/** Returns whether a command line is that of a shell that reads commands from its terminal: it has no command or script. */
export function isPromptShell(command: string): boolean {
  if (!shells.test(programName(command))) return false;
  const words = command.trim().split(/\s+/u).slice(1);
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (commandsBeforePrompt.has(word)) return true;
    if (!/^[-+]/u.test(word) || /^-\w*c|^--command\b/u.test(word)) return false;
    if (optionsWithValue.has(word)) index += 1;
  }
  return true;
}
