import { servers, table, workers } from './serverToolTable.js';
import type { Classification } from './classification.js';

interface Tool {
  /** Words, or beginnings of options, with which it serves. */
  readonly serves: readonly string[];
  /** Words with which it does something else. */
  readonly other: readonly string[];
  /** What it does without any of these. */
  readonly otherwise: Classification;
}

/** Packages whose program has another name. */
const programs: Readonly<Record<string, string>> = {
  '@angular/cli': 'ng',
  '@nestjs/cli': 'nest',
  '@vue/cli-service': 'vue-cli-service',
  '@storybook/cli': 'storybook',
  '@expo/cli': 'expo',
  '@11ty/eleventy': 'eleventy',
  '11ty': 'eleventy',
  '@marp-team/marp-cli': 'marp',
  '@redocly/cli': 'redocly',
  '@remix-run/dev': 'remix',
  '@react-router/dev': 'react-router',
  '@tauri-apps/cli': 'tauri',
  '@electron-forge/cli': 'electron-forge',
  '@stoplight/prism-cli': 'prism',
  '@web/dev-server': 'web-dev-server',
  'netlify-cli': 'netlify',
  'firebase-tools': 'firebase',
  'react-email': 'email',
};

const tools = new Map<string, Tool>([
  ...split(servers).map((name) => [name, toolOf('', '', 'server')] as const),
  ...split(workers).map((name) => [name, toolOf('', '', 'other')] as const),
  ...Object.entries(table).map(([name, row]) => [name, toolOf(...row)] as const),
]);

/** What a tool does with these words; `undefined` for one that is not known. */
export function classifyTool(name: string, args: readonly string[]): Classification | undefined {
  const tool = tools.get(name);
  if (!tool) return undefined;
  if (args.some((word) => tool.other.includes(word))) return 'other';
  return args.some((word) => serves(tool, word)) ? 'server' : tool.otherwise;
}

/** `vite` for `./node_modules/.bin/vite`, `vite@7` and `node_modules/vite/bin/vite.js`; Python has its version in its name. */
export function commandName(path: string): string {
  const bare = path.replace(/(?<=.)@[^/@]*$/u, '');
  const known = Object.hasOwn(programs, bare) ? programs[bare] : undefined;
  if (known !== undefined) return known;
  const name = bare.slice(Math.max(bare.lastIndexOf('/'), bare.lastIndexOf('\\')) + 1);
  return /^python[\d.]*$/u.test(name) ? 'python' : name.replace(/\.(?:[cm]?js|cmd|exe|bat)$/u, '');
}

function serves({ serves: words }: Tool, word: string): boolean {
  return words.some((each) => word === each || (each.startsWith('--') && word.startsWith(each)));
}

function toolOf(serving: string, other: string, otherwise: Classification): Tool {
  return { serves: split(serving), other: split(other), otherwise };
}

function split(words: string): string[] {
  return words.split(/\s+/u).filter((word) => word !== '');
}
