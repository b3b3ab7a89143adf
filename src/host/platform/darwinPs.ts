import { leaderName, markerName } from '../system/processMarker.js';
import { processKey, type ProcessEntry } from '../system/processes.js';

/** The columns, in the order of `psRow`; the command comes last, followed by the environment where `-E` asks for it. */
export const psColumns = 'pid=,ppid=,pgid=,tty=,stat=,lstart=,command=';

/** `lstart` has five words: `Mon Nov 23 10:06:43 2026`. */
const psRow = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s(.*)$/s;

/** A row of `ps`. */
interface PsRow extends Pick<ProcessEntry, 'pid' | 'parent' | 'group' | 'startTime'> {
  /** Name of the controlling terminal. */
  readonly terminal: string;
  readonly isSessionLeader: boolean;
  /** The command, and the environment if it was asked for and is not hidden. */
  readonly text: string;
}

/** Parses two outputs of `ps` with `psColumns`: with environments, and without. */
export function parsePs(withEnvironments: string, commands: string): ProcessEntry[] {
  const rows = parseRows(withEnvironments);
  const commandOf = new Map(parseRows(commands).map((row) => [processKey(row), row.text]));
  const leaderOf = new Map(
    rows.filter(({ isSessionLeader }) => isSessionLeader).map(({ terminal, pid }) => [terminal, pid]),
  );
  leaderOf.delete(noTerminal);
  return rows.map((row) => {
    const { pid, parent, group, startTime, text } = row;
    const command = commandOf.get(processKey(row));
    return {
      pid,
      parent,
      group,
      session: row.isSessionLeader ? pid : (leaderOf.get(row.terminal) ?? group),
      startTime,
      marker: markerIn(text, command) ?? leaderCommand.exec(text)?.[1],
      command: command ?? text.replace(/\s[A-Za-z_]\w*=.*$/, ''),
      hasTerminal: row.terminal !== noTerminal,
    };
  });
}

/** How `ps` writes that a process has no terminal. */
const noTerminal = '??';

function parseRows(text: string): PsRow[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, group, terminal = '', state = '', startTime = '', command = ''] =
      psRow.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z')) return [];
    return {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      // `ps` prints no id of a session, but a terminal belongs to one session alone.
      terminal,
      isSessionLeader: state.includes('s'),
      startTime: startTime.replaceAll(/\s+/g, ' '),
      text: command.trimStart(),
    };
  });
}

const markerWord = new RegExp(`(?:^|\\s)${markerName}=([\\w-]+)`);

/** The command line of a session leader, which shows its run although its environment is hidden. */
const leaderCommand = new RegExp(String.raw`^\S*sh -c .*\s${leaderName} ([\w-]+)\s`, 's');

/**
 * Returns the marker in the environment behind a command; `undefined` without an environment. macOS hides those of
 * other users and of its own programs, such as `/bin/sh`, in place of which nothing is printed.
 */
function markerIn(text: string, command: string | undefined): string | undefined {
  // The process may have executed another program between the two outputs.
  if (command === undefined || !text.startsWith(command)) return markerWord.exec(text)?.[1];
  const environment = text.slice(command.length);
  if (environment.trim() === '') return undefined;
  return markerWord.exec(environment)?.[1] ?? '';
}

/** Returns the time of an `lstart` in UTC, milliseconds since 1970; it is in whole seconds. */
export function startOf(startTime: string): number | undefined {
  const time = Date.parse(`${startTime} UTC`);
  return Number.isNaN(time) ? undefined : time;
}
