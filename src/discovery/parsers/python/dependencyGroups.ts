import type { FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders, joinPath } from '../../files/relativePath.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { parseTomlFile } from '../shared/toml.js';

/** Packages that install a tool besides the one of its name. */
const packagesWith: ReadonlyMap<string, readonly string[]> = new Map([['mkdocs', ['mkdocs-material']]]);

/**
 * Returns the option with which uv installs a tool that is only in a group of dependencies, or in an extra, which uv
 * leaves out by default.
 */
export function optionOfGroup(folder: string, tool: string, facts: FolderFacts): readonly string[] {
  const settings = projectSettings(folder, facts);
  const installs = (requirements: unknown): boolean => hasTool(requirements, tool);
  if (settings === undefined || installs(valueAt(settings, 'project', 'dependencies'))) return [];
  const groups = ownEntries(valueAt(settings, 'dependency-groups'));
  const group = nameWith(groups, installs);
  const extra = nameWith(ownEntries(valueAt(settings, 'project', 'optional-dependencies')), installs);
  if (group === undefined) return extra === undefined ? [] : ['--extra', extra];
  const defaults = valueAt(settings, 'tool', 'uv', 'default-groups') ?? ['dev'];
  return isDefault(groups, defaults, installs) ? [] : ['--group', group];
}

/** Returns the settings of the nearest project, if they have groups of dependencies or extras. */
function projectSettings(folder: string, facts: FolderFacts): unknown {
  const project = ancestorFolders(folder).find((each) => facts.names(each).has('pyproject.toml'));
  const text = project === undefined ? '' : (facts.text(joinPath(project, 'pyproject.toml')) ?? '');
  if (!/dependency-groups|optional-dependencies/u.test(text)) return undefined;
  const read = parseTomlFile(text, facts.l10n);
  return 'problem' in read ? undefined : read.value;
}

function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => ownValue(at, key), value);
}

function nameWith(
  lists: readonly (readonly [string, unknown])[],
  installs: (requirements: unknown) => boolean,
): string | undefined {
  return lists.find(([, requirements]) => installs(requirements))?.[0];
}

/** Returns whether a group that uv installs by default has the tool, itself or through a group that it includes. */
function isDefault(
  groups: readonly (readonly [string, unknown])[],
  defaults: unknown,
  installs: (requirements: unknown) => boolean,
): boolean {
  if (defaults === 'all') return true;
  const names = new Set(Array.isArray(defaults) ? defaults : []);
  // Iterating over a set also visits elements that are added meanwhile, each of them once.
  for (const name of names) {
    const requirements = groups.find(([each]) => each === name)?.[1];
    if (installs(requirements)) return true;
    for (const each of Array.isArray(requirements) ? requirements : []) {
      const included = ownValue(each, 'include-group');
      if (included !== undefined) names.add(included);
    }
  }
  return false;
}

function hasTool(requirements: unknown, tool: string): boolean {
  const packages = new Set([tool, ...(packagesWith.get(tool) ?? [])]);
  return (Array.isArray(requirements) ? requirements : []).some(
    (each: unknown) => typeof each === 'string' && packages.has(nameOf(each)),
  );
}

/** Returns the name in a requirement such as `Sphinx_autobuild[all]>=2`, as it is compared. */
function nameOf(requirement: string): string {
  const [name = ''] = /^[\w.-]+/u.exec(requirement) ?? [];
  return name.toLowerCase().replaceAll(/[._-]+/gu, '-');
}
