import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders, baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { unreadableFile } from '../shared/findings.js';
import { parseYamlFile } from '../shared/yaml.js';
import { targetServers, type Target } from './targets.js';

/** Finds the tasks of a moon project that serve. Inherited tasks are defined elsewhere, and are not read. */
export const moonTasks: FileParser = {
  source: 'taskRunners',
  patterns: ['moon.{yml,yaml}'],
  parse({ path, text }, facts) {
    const read = parseYamlFile(text, facts.l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    const folder = folderOf(path);
    const project = projectOf(read.value, folder, facts);
    const targets = ownEntries(ownValue(read.value, 'tasks')).map(([name, task]) =>
      targetOf(`${project}:${name}`, task, { project, folder }),
    );
    return targetServers(targets, { program: 'moon', args: ['run'] }, facts);
  },
};

/** Returns the id under which moon knows the project of a folder. */
function projectOf(settings: unknown, folder: string, facts: FolderFacts): string {
  const id = ownValue(settings, 'id');
  if (typeof id === 'string') return id;
  const above = ancestorFolders(folder).find((each) => facts.names(each).has('.moon')) ?? '';
  const text = ['workspace.yml', 'workspace.yaml']
    .map((name) => facts.text(joinPath(above, `.moon/${name}`)))
    .find((each) => each !== undefined);
  const read = text === undefined ? undefined : parseYamlFile(text, facts.l10n);
  const projects = read && 'value' in read ? ownValue(read.value, 'projects') : undefined;
  const sources = ownEntries(ownValue(projects, 'sources') ?? projects);
  const named = sources.find(
    ([, place]) => typeof place === 'string' && joinPath(above, place.replace(/^\.\/?|\/$/gu, '')) === folder,
  );
  // `~` stands for the nearest project.
  return named?.[0] ?? (folder === '' ? '~' : baseName(folder));
}

function targetOf(
  name: string,
  task: unknown,
  { project, folder }: { readonly project: string; readonly folder: string },
): Target {
  const options = ownValue(task, 'options');
  const steps = folder === '' ? 0 : folder.split('/').length;
  const up = Array.from({ length: steps }, () => '..').join('/');
  return {
    name,
    isHidden: ownValue(options, 'internal') === true,
    lines: [
      ...[ownValue(task, 'deps')].flat().flatMap((dependency) => dependencyLine(dependency, project)),
      ...(ownValue(options, 'runFromWorkspaceRoot') === true && up !== '' ? [`cd ${up}`] : []),
      ...[ownValue(task, 'command'), ownValue(task, 'script')].flatMap((line) => commandLine(line)),
    ],
  };
}

/**
 * Returns the call of a task that runs before or with another one. Tasks of other projects are prefixed with the
 * project.
 */
function dependencyLine(dependency: unknown, project: string): string[] {
  const target = typeof dependency === 'string' ? dependency : ownValue(dependency, 'target');
  if (typeof target !== 'string' || target.startsWith('^')) return [];
  const own = target.replace(/^~:/u, '');
  return [`moon run ${own.includes(':') ? own : `${project}:${own}`}`];
}

function commandLine(value: unknown): string[] {
  const line = [value]
    .flat()
    .filter((word) => typeof word === 'string')
    .join(' ');
  return line === '' || line === 'noop' ? [] : [line];
}
