import type { Template } from '../text.js';

/** How a tool is given its port. */
export interface PortOption {
  /** Arguments that set the port, with `{}` in its place. */
  readonly words: readonly string[];
  /** Options whose value is, or ends with, the port; empty when the port is an argument by itself. */
  readonly names: readonly string[];
  /** Set when the last of several values counts, so that the arguments may follow another port. */
  readonly lastCounts: boolean;
  /** Option that makes the tool fail instead of choosing another port when its own is in use. */
  readonly strict?: string;
  /** Commands that take the port, where these are not the ones that serve; the empty one stands for no command. */
  readonly commands?: readonly string[];
}

/** Facts about a program that a command line may run, from its own documentation. A new tool is one more row. */
export interface ToolRow {
  /** Commands and options with which it serves, separated by spaces; an option stands for all that begin with it. */
  readonly serves?: string;
  /** Commands that run a program of the project, which may serve. */
  readonly mayServe?: string;
  /** Arguments with which it does other work, even beside a command that serves. */
  readonly otherWork?: string;
  /** Effect without any of these arguments; other work when missing. */
  readonly otherwise?: 'server' | 'likely';
  /** How it is given its port; a tool without a known option may still obey `PORT`. */
  readonly port?: PortOption;
  /** npm packages of the tool that have another name than its program, separated by spaces. */
  readonly packages?: string;
  /** A sentence on what to do when the program is not found. */
  readonly install?: Template;
}

/** Other work that most tools have in common. */
export const builds =
  'build optimize export generate lint test check sync prepare deploy info telemetry add clean eject db';

/** `--port`; of several values the last one counts. */
export const portFlag: PortOption = { words: ['--port', '{}'], names: ['--port'], lastCounts: true };
/** `--port`, given only once: parsers that make a list of repeated options add a second port or fail. */
export const portOnce: PortOption = { ...portFlag, lastCounts: false };
/** `--port`, or `-p` for short. */
export const portOrP: PortOption = { ...portFlag, names: ['--port', '-p'] };
/** `--port` or `-p`, given only once. */
export const portOrPOnce: PortOption = { ...portOrP, lastCounts: false };
/** `-p`, which every version of the tool knows, or `--port`. */
export const shortPort: PortOption = { words: ['-p', '{}'], names: ['-p', '--port'], lastCounts: true };
/** `-p` or `--port`, given only once. */
export const shortPortOnce: PortOption = { ...shortPort, lastCounts: false };
/** The port as an argument by itself. */
export const barePort: PortOption = { words: ['{}'], names: [], lastCounts: false };

/** Returns rows of tools that serve with any arguments, by their names separated by white space. */
export function serversNamed(names: string): Readonly<Record<string, ToolRow>> {
  return Object.fromEntries(splitList(names).map((name) => [name, { otherwise: 'server' }]));
}

/** Splits a list at white space. */
export function splitList(list: string): string[] {
  return list.split(/\s+/u).filter((word) => word !== '');
}
