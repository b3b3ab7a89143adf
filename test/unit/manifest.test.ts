import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { agentCommandModes } from '../../src/core/agents/context.js';
import { manifestTools } from '../../src/core/agents/toolManifest.js';
import { portConflictModes } from '../../src/core/tcpPorts/portConflict.js';
import { discoverySources, type ServerDefinition } from '../../src/core/server/definition.js';
import type { LiveRun, RunEnd, ServerState } from '../../src/core/server/state.js';
import { serverView } from '../../src/core/views/serverView.js';
import { commandIds, rowCommandIds } from '../../src/vscode/commands/commandIds.js';
import { endpoint } from './core/support/fakes.js';
import { stopSignals, restartModes } from '../../src/core/server/overrides.js';

interface MenuEntry {
  readonly menu: string;
  readonly command: string;
  readonly when: string;
  readonly group: string;
}

/** The tests run at the root of the project. */
const root = process.cwd();
const manifest = object(readJson('package.json'));
const contributes = object(manifest['contributes']);
const commands = list(contributes['commands']).map(object);
const menus = Object.entries(object(contributes['menus'])).flatMap(([menu, entries]) =>
  list(entries).map((entry) => menuEntry(menu, object(entry))),
);
const discoveryPrefix = 'devServers.discovery.';
const sections = list(contributes['configuration']).map(object);
const settings = sections.flatMap(({ properties }) => Object.entries(object(properties)));

const run: LiveRun = {
  id: 'run',
  process: { pid: 1, startTime: '1', bootId: 'boot' },
  startedAt: 0,
  startedTick: 0,
};
const lastEnd: RunEnd = { exit: { kind: 'code', code: 0 }, interrupted: false, tail: [], at: 0 };
const states: readonly ServerState[] = [
  { kind: 'stopped', lastEnd: undefined },
  { kind: 'stopped', lastEnd },
  { kind: 'reserved', runId: 'run' },
  { kind: 'starting', run },
  { kind: 'ready', run, endpoint: endpoint('http://localhost:5173/') },
  { kind: 'unhealthy', run, endpoint: undefined, problem: { kind: 'silent', attempts: [] } },
  { kind: 'stopping', run },
  { kind: 'stopFailed', run, survivors: [] },
  { kind: 'crashed', crash: { kind: 'exit', ...lastEnd } },
  { kind: 'crashed', crash: { kind: 'exit', ...lastEnd, restart: { kind: 'planned', delayMs: 1 } } },
];
/** What menus match against: the words the tree gives to servers, and to the groups and folders above them. */
const contextValues = [...states.map(contextOf), 'group', 'group active', 'folder'];

describe('The manifest', () => {
  it('has a text for every key, and no text without one', () => {
    const used = [...readText('package.json').matchAll(/"%(?<key>[^%"]+)%"/gu)].map(
      ({ groups }) => groups?.['key'] ?? '',
    );
    const texts = object(readJson('package.nls.json'));
    assert.deepEqual([...new Set(used)].toSorted(), Object.keys(texts).toSorted());
    assert.deepEqual(
      Object.entries(texts).filter(([, text]) => typeof text !== 'string' || text.trim() === ''),
      [],
    );
  });

  it('leaves no text of commands, views and settings untranslated', () => {
    // Language models read these in English, and call tools by their names.
    const english = /^languageModelTools\.\d+\.(?:name$|inputSchema\.)/u;
    const texts = [...textsOf(contributes)].filter(([path]) => !english.test(path));
    assert.deepEqual(
      texts.filter(([, text]) => !/^%[^%]+%$/u.test(text)),
      [],
    );
  });

  it('declares the commands that the code implements', () => {
    const declared = commands.map(({ command }) => String(command));
    assert.deepEqual(declared.toSorted(), commandIds.toSorted());
  });

  it('declares every command of its menus and welcome texts', () => {
    // VS Code has a command that shows a view.
    const declared = new Set([...commands.map(({ command }) => command), 'devServers.servers.focus']);
    const welcome = readText('package.nls.json').matchAll(/\(command:(?<command>devServers\.[^)?]+)/gu);
    const used = [
      ...menus.map(({ command }) => command),
      ...[...welcome].map(({ groups }) => groups?.['command']),
    ];
    assert.deepEqual(
      used.filter((command) => !declared.has(command)),
      [],
    );
  });

  it('gives one main button to every empty state', () => {
    const texts = Object.entries(object(readJson('package.nls.json'))).filter(([key]) =>
      key.startsWith('welcome.'),
    );
    const buttons = texts.map(([key, text]) => [
      key,
      String(text).match(/^\[[^\]]+\]\(command:.+\)$/gmu)?.length,
    ]);
    assert.deepEqual(Object.fromEntries(buttons), {
      'welcome.noFolder': 1,
      'welcome.untrusted': 1,
      'welcome.nothingFound': 1,
      'welcome.allHidden': 1,
      'welcome.looking': 1,
    });
  });

  it('offers no actions of the view that do nothing without a folder, and no filter without a row', () => {
    const conditional = ['clearFilter', 'concealHidden', 'filter', 'showHidden', 'stopAll'];
    const always = ['openSettings', 'showDiagnostics', 'showLog', 'showOtherWindows'];
    const conditions = list(object(contributes['menus'])['view/title'])
      .map(object)
      .map(({ command, when }) => [String(command).replace('devServers.', ''), String(when)] as const);
    const unconditional = conditions.filter(([, when]) => !when.includes('workspaceFolderCount != 0'));
    assert.deepEqual(
      unconditional.map(([command]) => command).toSorted(),
      [...conditional, ...always].toSorted(),
    );
    assert.match(Object.fromEntries(conditions)['filter'] ?? '', /devServers\.hasShown/u);
  });

  it('names only pictures that exist', () => {
    const pictures = [...readText('package.json').matchAll(/"(?:icon|svg)": "(?<path>[^"$]+)"/gu)];
    const paths = [...new Set(pictures.map(({ groups }) => groups?.['path'] ?? ''))];
    assert.deepEqual(paths.filter((path) => !path.startsWith('media/walkthrough/')).toSorted(), [
      'media/dev-servers.svg',
      'media/icon.png',
    ]);
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });

  it('draws the marketplace picture with 256 × 256 pixels', () => {
    const png = readFileSync(join(root, 'media/icon.png'));
    assert.deepEqual(
      { type: png.toString('latin1', 1, 4), width: png.readUInt32BE(16), height: png.readUInt32BE(20) },
      { type: 'PNG', width: 256, height: 256 },
    );
  });

  it('draws the view in one color, which the theme chooses', () => {
    const svg = readText('media/dev-servers.svg');
    const colors = [...svg.matchAll(/(?:fill|stroke|color)="(?<color>[^"]+)"/gu)];
    assert.deepEqual(
      new Set(colors.map(({ groups }) => groups?.['color'])),
      new Set(['none', 'currentColor']),
    );
    assert.match(svg, /width="24" height="24" viewBox="0 0 24 24"/u);
  });

  it('describes every setting and gives it a default, an order and a scope', () => {
    const incomplete = settings.filter(([, setting]) => {
      const { default: value, markdownDescription, order, scope, type } = object(setting);
      return [value, markdownDescription, order, scope, type].includes(undefined);
    });
    assert.deepEqual(incomplete, []);
  });

  it('describes every property of a configured server', () => {
    const servers = object(object(settings.find(([name]) => name === 'devServers.servers')?.[1])['items']);
    const bare = Object.entries(object(servers['properties'])).filter(
      ([, entry]) => !('markdownDescription' in object(entry)),
    );
    assert.deepEqual({ bare, unknown: servers['additionalProperties'] }, { bare: [], unknown: false });
  });

  it('has a switch for each source of servers', () => {
    const switches = settings.filter(([name]) => name.startsWith(discoveryPrefix));
    assert.deepEqual(
      switches.map(([name, setting]) => [name, object(setting)['type'], object(setting)['default']]),
      discoverySources.map((source) => [`${discoveryPrefix}${source}`, 'boolean', true]),
    );
  });

  it('puts each setting into one of six sections, in a defined order', () => {
    const texts = object(readJson('package.nls.json'));
    assert.deepEqual(
      sections.map(({ title, order }) => [texts[String(title).slice(1, -1)], order]),
      ['General', 'Start and Stop', 'Ports', 'Discovery', 'Logs', 'Agents'].map((title, index) => [
        title,
        index + 1,
      ]),
    );
    for (const { properties } of sections) {
      const orders = Object.values(object(properties)).map((setting) => object(setting)['order']);
      assert.deepEqual(
        orders,
        orders.map((_order, index) => index + 1),
      );
    }
  });

  it('completes each step of the walkthrough by the action that it asks for', () => {
    const known = new Set([...commands.map(({ command }) => String(command)), 'devServers.servers.focus']);
    const texts = object(readJson('package.nls.json'));
    const [walkthrough] = list(contributes['walkthroughs']).map(object);
    for (const { completionEvents, description } of list(walkthrough?.['steps']).map(object)) {
      const button = /\(command:(?<command>[^)]+)\)$/u.exec(String(texts[String(description).slice(1, -1)]));
      const command = button?.groups?.['command'] ?? '';
      assert.ok(known.has(command), command);
      const events = list(completionEvents).map(String);
      assert.ok(events.includes(`onCommand:${command}`), command);
      const others = events.flatMap((event) => /^onCommand:(?<id>.+)$/u.exec(event)?.groups?.['id'] ?? []);
      assert.deepEqual(
        others.filter((id) => !known.has(id)),
        [],
      );
    }
  });

  it('draws the pictures of the walkthrough with attributes, since the editor blocks styles in them', () => {
    const folder = join('media', 'walkthrough');
    for (const name of readdirSync(folder)) {
      const picture = readFileSync(join(folder, name), 'utf8');
      assert.doesNotMatch(picture, /<style|\sstyle=|\sclass=/u, name);
      assert.match(picture, /fill="var\(--vscode-/u, name);
    }
  });

  it('gives commands titles that differ', () => {
    const titles = commands.map(({ title }) =>
      String(object(readJson('package.nls.json'))[String(title).slice(1, -1)]),
    );
    assert.deepEqual(titles.toSorted(), [...new Set(titles)].toSorted());
  });

  it('describes settings in the terms of the editor, without defaults, which the Settings editor shows', () => {
    const unwanted =
      /\bDefault:|told by|what becomes of|left out|left down|by itself|counts as|\bholds?\b|is started again|\bthe words\b|\b(?:some|no)body\b|\bhas not the\b/iu;
    const texts = ['package.nls.json', 'l10n/bundle.l10n.json'].flatMap((file) =>
      Object.values(object(readJson(file))).map(String),
    );
    assert.deepEqual(
      texts.filter((text) => unwanted.test(text)),
      [],
    );
  });

  it('has whole sentences, which translators can put into the order of their language', () => {
    const texts = Object.keys(object(readJson('l10n/bundle.l10n.json')));
    // A title and an outcome, or words that join a few of them.
    const fragments = texts.filter((text) => /^\{\d\}(?: is)? \{\d\}\.$/u.test(text));
    assert.deepEqual(fragments, []);
  });

  it('lists exactly the values that the code accepts, for all servers and for one', () => {
    assert.deepEqual(
      { stopSignal: choicesOf('stopSignal'), restart: choicesOf('restart') },
      { stopSignal: stopSignals, restart: restartModes },
    );
  });

  it('lists the answers to a port in use that the code accepts', () => {
    const setting = object(settings.find(([name]) => name === 'devServers.portConflict')?.[1]);
    assert.deepEqual(setting['enum'], portConflictModes);
  });

  it('describes every tool for agents as the code does, in a form that the editor accepts', () => {
    const tools = list(contributes['languageModelTools']).map(object);
    const texts = object(readJson('package.nls.json'));
    assert.deepEqual(
      tools.map(({ name, displayName, modelDescription, inputSchema }) => ({
        name,
        title: texts[String(displayName).slice(1, -1)],
        modelDescription,
        inputSchema,
      })),
      // "node scripts/generate/toolManifest.mjs" writes them.
      manifestTools(),
    );
    for (const tool of tools) {
      assert.match(String(tool['name']), /^(?!copilot_|vscode_)[\w-]+$/u);
      // Without a name to refer to it by, the editor leaves the tool out and says nothing.
      assert.equal(tool['canBeReferencedInPrompt'] === true, typeof tool['toolReferenceName'] === 'string');
      assert.match(String(tool['icon']), /^\$\([\w-]+\)$/u);
      assert.deepEqual(tool['tags'], ['dev-server']);
    }
  });

  it('describes every parameter of the tools for agents', () => {
    const bare = manifestTools().flatMap(({ name, inputSchema }) =>
      Object.entries(object(inputSchema['properties']))
        .filter(([, property]) => typeof object(property)['description'] !== 'string')
        .map(([property]) => `${name}.${property}`),
    );
    assert.deepEqual(bare, []);
  });

  it('lets only the user decide what agents may do: a remote window ignores the user settings of a machine setting', () => {
    const scopes = settings
      .filter(([name]) => name.startsWith('devServers.agents.'))
      .map(([name, setting]) => [name, object(setting)['scope']]);
    assert.deepEqual(scopes, [
      ['devServers.agents.enabled', 'application'],
      ['devServers.agents.commands', 'application'],
    ]);
    const modes = object(settings.find(([name]) => name === 'devServers.agents.commands')?.[1]);
    assert.deepEqual(modes['enum'], agentCommandModes);
  });

  it('lets an untrusted workspace change no command line', () => {
    const { supported, restrictedConfigurations } = object(
      object(manifest['capabilities'])['untrustedWorkspaces'],
    );
    assert.deepEqual(
      { supported, restrictedConfigurations },
      {
        supported: 'limited',
        restrictedConfigurations: ['devServers.servers'],
      },
    );
  });

  it('needs the editor whose types it is checked with', () => {
    const types = String(object(manifest['devDependencies'])['@types/vscode']);
    assert.equal(object(manifest['engines'])['vscode'], `^${types}`);
    assert.match(types, /^1\.\d+\.0$/u);
  });

  it('puts every command into one category', () => {
    assert.deepEqual(new Set(commands.map(({ category }) => category)), new Set(['%command.category%']));
  });

  it('gives an icon to every command that is shown as one', () => {
    const shown = menus.filter(({ group }) => /^(?:inline|navigation)/u.test(group));
    const bare = shown.filter(
      ({ command }) => !commands.some((entry) => entry['command'] === command && entry['icon']),
    );
    assert.deepEqual(bare, []);
  });

  it('knows all commands in the menus of rows', () => {
    const rows = menus.filter(({ menu }) => menu === 'view/item/context');
    assert.deepEqual(new Set(rows.map(({ command }) => command)), new Set(rowCommandIds));
  });

  it('offers at most three actions on a row, and each of them in its menu too', () => {
    const rows = menus.filter(({ menu }) => menu === 'view/item/context');
    const offered = contextValues.map((value) => {
      const matching = rows.filter(({ when }) => matches(when, value));
      const inline = matching.filter(({ group }) => isInline(group)).map(({ command }) => command);
      const menu = new Set(matching.filter(({ group }) => !isInline(group)).map(({ command }) => command));
      return [value, { inline: inline.length, missing: inline.filter((command) => !menu.has(command)) }];
    });
    assert.deepEqual(Object.fromEntries(offered), {
      'server stopped startable': { inline: 1, missing: [] },
      'server stopped startable terminal dismissable': { inline: 1, missing: [] },
      'server reserved stoppable terminal': { inline: 2, missing: [] },
      'server starting stoppable running terminal': { inline: 3, missing: [] },
      'server ready stoppable running url terminal': { inline: 3, missing: [] },
      'server unhealthy stoppable running terminal': { inline: 3, missing: [] },
      'server stopping stoppable terminal': { inline: 1, missing: [] },
      'server stopFailed stoppable terminal': { inline: 2, missing: [] },
      'server crashed startable stoppable terminal': { inline: 2, missing: [] },
      'server crashed startable terminal dismissable': { inline: 2, missing: [] },
      group: { inline: 1, missing: [] },
      'group active': { inline: 2, missing: [] },
      folder: { inline: 0, missing: [] },
    });
  });

  it('has at most 30 keywords, the limit of the marketplace', () => {
    assert.ok(list(manifest['keywords']).length <= 30);
  });
});

/** The values of a setting that is a list to choose from; the same property of a configured server has the same. */
function choicesOf(name: string): unknown {
  const property = (path: string): Readonly<Record<string, unknown>> =>
    object(settings.find(([setting]) => setting === path)?.[1]);
  const own = object(object(object(property('devServers.servers')['items'])['properties'])[name]);
  const choices = property(`devServers.${name}`)['enum'];
  assert.deepEqual(own['enum'], choices);
  return choices;
}

function contextOf(state: ServerState): string {
  const definition: ServerDefinition = {
    id: 'shop:dev',
    name: 'dev',
    folder: 'shop',
    subfolder: '',
    command: { kind: 'argv', file: 'npm', args: ['run', 'dev'] },
    cwd: '/shop',
    env: {},
    port: undefined,
    source: 'scripts',
  };
  return serverView({ definition, state, retired: false }, { now: 0, tick: 0 }, { t: (message) => message })
    .context;
}

function menuEntry(menu: string, { command, when, group }: Readonly<Record<string, unknown>>): MenuEntry {
  return { menu, command: String(command), when: String(when), group: String(group) };
}

/** Reads the one form of condition that the menus of rows have. It may ask for a setting too. */
function matches(when: string, contextValue: string): boolean {
  const form = /^view == devServers\.servers && viewItem =~ \/(?<pattern>.+)\/(?: && !config\.[\w.]+)?$/u;
  const pattern = form.exec(when)?.groups?.['pattern'];
  assert.ok(pattern !== undefined, `unexpected condition: ${when}`);
  return new RegExp(pattern, 'u').test(contextValue);
}

function isInline(group: string): boolean {
  return group.startsWith('inline');
}

/** Every value that people read, with its path. */
function* textsOf(value: unknown, path = ''): Generator<readonly [path: string, text: string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    const childPath = path === '' ? key : `${path}.${key}`;
    const isText = /^(?:title|name|contextualTitle|contents|description|markdownDescription)$/u.test(key);
    if (isText && typeof child === 'string') yield [childPath, child];
    else yield* textsOf(child, childPath);
  }
}

function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown): readonly unknown[] {
  assert.ok(Array.isArray(value));
  return value;
}
