import type { SimpleCommand, Word } from '../commandLine/parse.js';

/** How a tool is told its port. */
export interface PortOption {
  /** The words that tell it, `{}` standing for the port. */
  readonly words: readonly string[];
  /** Options whose value is, or ends with, the port; empty when the port is a word by itself. */
  readonly names: readonly string[];
  /** Whether of several values the last one counts, so that the words may follow another port. */
  readonly lastCounts: boolean;
  /** Makes the tool fail where it would look for another port. */
  readonly strict?: string;
}

interface Tool extends PortOption {
  /** The sub-commands that make it serve, the empty one for none; missing where it does nothing else. */
  readonly commands?: readonly string[];
}

const port: Omit<PortOption, 'lastCounts'> = { words: ['--port', '{}'], names: ['--port'] };
const portOrP: Omit<PortOption, 'lastCounts'> = { words: ['--port', '{}'], names: ['--port', '-p'] };
const lastCounts = { lastCounts: true };
/** Some add a second port, some fail: parsers that make a list of repeated options. */
const firstOnly = { lastCounts: false };
const alone: PortOption = { words: ['{}'], names: [], ...firstOnly };

/** What the tools' own documentation says. What is not here may still obey `PORT`. */
const tools: Readonly<Record<string, Tool>> = {
  vite: { commands: ['', 'dev', 'serve', 'preview'], ...port, ...lastCounts, strict: '--strictPort' },
  vitepress: { commands: ['dev', 'serve', 'preview'], ...port, ...firstOnly },
  next: { commands: ['', 'dev', 'start'], words: ['-p', '{}'], names: ['-p', '--port'], ...lastCounts },
  astro: { commands: ['dev', 'preview'], ...port, ...firstOnly },
  nuxt: { commands: ['', 'dev', 'preview'], ...portOrP, ...firstOnly },
  nuxi: { commands: ['dev', 'preview'], ...portOrP, ...firstOnly },
  ng: { commands: ['serve', 's', 'dev'], ...port, ...firstOnly },
  webpack: { commands: ['serve', 'server', 's'], ...port, ...lastCounts },
  'webpack-dev-server': { ...port, ...lastCounts },
  rspack: { commands: ['serve', 'server', 's', 'dev'], ...port, ...firstOnly },
  rsbuild: { commands: ['', 'dev', 'preview'], ...port, ...firstOnly },
  'vue-cli-service': { commands: ['serve'], ...port, ...firstOnly },
  'react-router': { commands: ['dev'], ...port, ...lastCounts },
  remix: { commands: ['dev', 'vite:dev'], ...port, ...lastCounts },
  storybook: { commands: ['dev'], words: ['-p', '{}'], names: ['-p', '--port'], ...lastCounts },
  'start-storybook': { words: ['-p', '{}'], names: ['-p', '--port'], ...lastCounts },
  parcel: { commands: ['', 'serve'], ...portOrP, ...lastCounts },
  docusaurus: { commands: ['start', 'serve'], ...portOrP, ...lastCounts },
  gatsby: { commands: ['develop', 'serve'], ...portOrP, ...firstOnly },
  eleventy: { commands: ['--serve'], ...port, ...firstOnly },
  expo: { commands: ['', 'start'], ...portOrP, ...lastCounts },
  wrangler: { commands: ['dev'], ...port, ...firstOnly },
  'http-server': { words: ['-p', '{}'], names: ['-p', '--port'], ...firstOnly },
  serve: { words: ['-l', '{}'], names: ['-l', '--listen', '-p'], ...firstOnly },
  'live-server': { words: ['--port={}'], names: ['--port'], ...lastCounts },
  'json-server': { ...portOrP, ...firstOnly },
  'http.server': alone,
  'manage.py': { commands: ['runserver'], ...alone },
  flask: { commands: ['run'], ...portOrP, ...lastCounts },
  uvicorn: { ...port, ...lastCounts },
  fastapi: { commands: ['dev', 'run'], ...port, ...lastCounts },
  gunicorn: { words: ['-b', '127.0.0.1:{}'], names: ['-b', '--bind'], ...firstOnly },
  rails: { commands: ['server', 's'], words: ['-p', '{}'], names: ['-p', '--port'], ...lastCounts },
  rackup: { words: ['-p', '{}'], names: ['-p', '--port'], ...lastCounts },
  jekyll: {
    commands: ['serve', 'server', 's'],
    words: ['--port', '{}'],
    names: ['--port', '-P'],
    ...lastCounts,
  },
  hugo: { commands: ['server', 'serve'], ...portOrP, ...lastCounts },
  php: { commands: ['-S'], words: ['-S', 'localhost:{}'], names: ['-S'], ...firstOnly },
  artisan: { commands: ['serve'], ...port, ...lastCounts },
};

/** What a `portArgument` must hold, where the port goes. */
export const portPlaceholder = '{port}';

/**
 * How the tool of a command is told its port: as a person says by a `portArgument`, or as is known of the tool.
 * `undefined` for one that is not known or does something else.
 */
export function findPortOption({ tool, args }: SimpleCommand, portArgument?: string): PortOption | undefined {
  if (portArgument !== undefined) return optionOfArgument(portArgument);
  const known = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
  if (!known) return undefined;
  const serves = known.commands?.some((name) => (name === '' ? isBare(args) : hasWord(args, name))) ?? true;
  return serves ? known : undefined;
}

/** `--listen={port}`, `-l {port}` and `--bind 127.0.0.1:{port}` have a name by which an earlier port is found. */
function optionOfArgument(portArgument: string): PortOption {
  const words = portArgument.trim().split(/\s+/u);
  const name = /^(?:--?[\w-]+(?==)|-\w(?=\{)|-\S+$)/u.exec(words[0] ?? '')?.[0];
  return {
    words: words.map((word) => word.replaceAll(portPlaceholder, '{}')),
    names: name === undefined ? [] : [name],
    ...lastCounts,
  };
}

/** The word that says the port, the last one where there are several; for a tool that is not known, what nearly all take. */
export function portWord(
  { args }: SimpleCommand,
  option: Pick<PortOption, 'names'> = port,
): Word | undefined {
  return args.findLast(({ text }, index) =>
    option.names.length === 0
      ? // A number of one digit is the value of some other option.
        /^(?:[\w.[\]:-]*:)?\d{2,5}$/u.test(text)
      : isValueOf(option.names, text, args[index - 1]?.text),
  );
}

/** `3000`, `--port=3000` and `localhost:3000` end with it; 0 means any port. */
export function trailingPort(text: string): number | undefined {
  const value = Number(/(?:^|[:=]|^-\w)(\d{1,5})$/u.exec(text)?.[1] ?? 0);
  return value >= 1 && value <= 65_535 ? value : undefined;
}

/** As the value in a word of its own, behind `=`, or behind the letter of a short option. */
function isValueOf(names: readonly string[], text: string, before: string | undefined): boolean {
  if (trailingPort(text) === undefined) return false;
  if (before !== undefined && names.includes(before)) return !text.startsWith('-');
  return names.some(
    (name) =>
      text.startsWith(`${name}=`) || (/^-\w$/u.test(name) && /^-\w\d+$/u.test(text) && text.startsWith(name)),
  );
}

/** Neither an option nor a path is a sub-command. */
function isBare([first]: readonly Word[]): boolean {
  return first === undefined || first.text.startsWith('-') || /[./]/u.test(first.text);
}

function hasWord(args: readonly Word[], word: string): boolean {
  return args.some(({ text }) => text === word);
}
