import type { FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders, joinPath } from '../../files/relativePath.js';
import { textOfTable } from './tomlTable.js';

/** Packages that install a tool besides the one of its name. */
const packagesWith: ReadonlyMap<string, readonly string[]> = new Map([['mkdocs', ['mkdocs-material']]]);

/** Maximum number of groups that are read. */
const maxGroups = 50;

/** A list of requirements, and the other groups that it includes. */
interface Group {
  readonly name: string;
  readonly requirements: readonly string[];
  readonly includes: readonly string[];
}

/**
 * Returns the option with which uv installs a tool that is only in a group of dependencies, or in an extra, which uv
 * leaves out by default.
 */
export function optionOfGroup(folder: string, tool: string, facts: FolderFacts): readonly string[] {
  const text = projectSettings(folder, facts);
  if (text === undefined) return [];
  const installs = ({ requirements }: Group): boolean => hasTool(requirements, tool);
  if (groupsIn(text, 'project').some((each) => each.name === 'dependencies' && installs(each))) return [];
  const groups = groupsIn(text, 'dependency-groups');
  const group = groups.find(installs);
  const extra = groupsIn(text, 'project.optional-dependencies').find(installs);
  if (group === undefined) return extra === undefined ? [] : ['--extra', extra.name];
  return defaultGroups(text, groups).some(installs) ? [] : ['--group', group.name];
}

/** Returns the settings of the nearest project, if they have groups of dependencies or extras. */
function projectSettings(folder: string, facts: FolderFacts): string | undefined {
  const project = ancestorFolders(folder).find((each) => facts.names(each).has('pyproject.toml'));
  const text = project === undefined ? '' : (facts.text(joinPath(project, 'pyproject.toml')) ?? '');
  return /dependency-groups|optional-dependencies/u.test(text) ? text.replaceAll(/\s#.*$/gmu, '') : undefined;
}

/** A list in a table. The brackets in it belong to requirements with extras, such as `mkdocs[i18n]`. */
const listPattern = /^["']?([\w.-]{1,100})["']?\s{0,9}=\s{0,9}\[((?:[^[\]]|\[[^[\]]{0,200}\]){0,9999})\]/gmu;

/** Returns the lists of requirements in a table. */
function groupsIn(text: string, table: string): Group[] {
  return [...textOfTable(text, table).matchAll(listPattern)]
    .slice(0, maxGroups)
    .map(([, name = '', list = '']) => ({
      name,
      requirements: stringsIn(list.replaceAll(/\{[^{}]{0,200}\}/gu, '')),
      includes: [...list.matchAll(/include-group\s{0,9}=\s{0,9}["']([\w.-]{1,100})/gu)].map(
        ([, included = '']) => included,
      ),
    }));
}

function stringsIn(list: string): string[] {
  return [...list.matchAll(/"([^"\n]{1,300})"|'([^'\n]{1,300})'/gu)].map(
    ([, double, single = '']) => double ?? single,
  );
}

/** Returns the groups that uv installs by default, and those that they include. */
function defaultGroups(text: string, groups: readonly Group[]): Group[] {
  if (/^default-groups\s{0,9}=\s{0,9}["']all["']/mu.test(text)) return [...groups];
  const named = groupsIn(text, 'tool.uv').find(({ name }) => name === 'default-groups');
  const names = new Set(named?.requirements ?? ['dev']);
  // Iterating over a set also visits elements that are added meanwhile, each of them once.
  for (const name of names)
    for (const included of groups.find((each) => each.name === name)?.includes ?? []) names.add(included);
  return groups.filter(({ name }) => names.has(name));
}

function hasTool(requirements: readonly string[], tool: string): boolean {
  const packages = new Set([tool, ...(packagesWith.get(tool) ?? [])]);
  return requirements.some((each) => packages.has(nameOf(each)));
}

/** Returns the name in a requirement such as `Sphinx_autobuild[all]>=2`, as it is compared. */
function nameOf(requirement: string): string {
  const [name = ''] = /^[\w.-]+/u.exec(requirement) ?? [];
  return name.toLowerCase().replaceAll(/[._-]+/gu, '-');
}
