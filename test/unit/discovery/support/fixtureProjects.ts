import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandText, type ServerDefinition } from '../../../../src/core/server/definition.js';
import { relativeInside } from '../../../../src/core/paths.js';
import { discoveryOf, FakeFiles, shop } from './fakes.js';

const folder = join(import.meta.dirname, '../../../fixtures/discovery');

/**
 * A small project in one file: the commands in its documentation after `documented: `, its files, each below `---
 * path`, and the expected list.
 */
export interface FixtureProject {
  readonly name: string;
  /** Commands that the documentation of the project names, as `[folder] command`. */
  readonly documented: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** Lines after `=== listed`. */
  readonly listed: readonly string[];
}

/** Returns the projects in a folder of `test/fixtures/discovery`. */
export function fixtureProjects(group: string): FixtureProject[] {
  return readdirSync(join(folder, group)).map((file) => {
    const text = readFileSync(join(folder, group, file), 'utf8');
    const [head = '', listed = ''] = text.split(/^=== listed\n/mu);
    const parts = head.split(/^--- (?=\S)/mu).slice(1);
    const files = parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)] as const;
    });
    return {
      name: file.replace(/\.txt$/u, ''),
      documented: [...head.matchAll(/^documented: (.*)$/gmu)].map(([, command = '']) => command),
      files: Object.fromEntries(files),
      listed: listed.split('\n').filter((each) => each !== ''),
    };
  });
}

/**
 * Returns the list of a project as lines: `name: command (in folder, :port, main)`, indented for a part of another
 * server, and problems as `! file: reason`.
 */
export async function listedFor({ files }: Pick<FixtureProject, 'files'>): Promise<string[]> {
  const discovery = discoveryOf(new FakeFiles(files), { machine });
  await discovery.update();
  const { definitions, problems } = discovery.discovery;
  return [...definitions.map(line), ...problems.map(({ file, reason }) => `! ${file}: ${reason}`)];
}

/** Returns all commands that are listed for a project, including other ways to start a server. */
export async function commandsFor({ files }: Pick<FixtureProject, 'files'>): Promise<string[]> {
  const discovery = discoveryOf(new FakeFiles(files), { machine });
  await discovery.update();
  return discovery.discovery.definitions
    .flatMap((definition) => [definition].concat(definition.alternatives ?? []))
    .map(({ cwd, command }) => {
      const directory = relativeInside(shop.folder.path, cwd, shop.paths) ?? '?';
      return `[${directory === '' ? '.' : directory}] ${commandText(command)}`;
    });
}

const machine = {
  system: 'linux',
  staticServer: { command: { kind: 'argv', file: 'editor', args: ['serve.js'] } },
} as const;

function line({ name, command, cwd, port, isMain, partOf, alternatives = [] }: ServerDefinition): string {
  const folderOfServer = relativeInside(shop.folder.path, cwd, shop.paths) ?? '?';
  const details = [
    ...(folderOfServer === '' ? [] : [`in ${folderOfServer}`]),
    ...(port === undefined ? [] : [`:${port}`]),
    ...(isMain === true ? ['main'] : []),
  ];
  const also = alternatives.map((each) => `, or ${commandText(each.command)}`).join('');
  const suffix = details.length === 0 ? '' : ` (${details.join(', ')})`;
  return `${partOf === undefined ? '' : '  '}${name}: ${commandText(command)}${suffix}${also}`;
}
