import { parseServers } from './configuredServers.js';
import type { EntryProblem } from './entryProblem.js';
import { jsonErrorText } from '../files/jsonError.js';
import { mergeConflict } from '../files/mergeConflict.js';
import { parseJsonText, type JsonText } from './jsonText.js';
import { maxConfigurationDepth } from '../files/limits.js';
import type { EntryContext, ConfiguredServer } from './configuredServer.js';
import { isObject } from '../files/isObject.js';

/** Ids of the servers of a group, as they are written. */
export interface ConfiguredGroup {
  readonly name: string;
  readonly members: readonly string[];
}

/** Contents of a configuration file, as far as it can be parsed. */
export interface ConfigurationFile {
  readonly servers: readonly ConfiguredServer[];
  readonly groups: readonly ConfiguredGroup[];
  readonly problems: readonly EntryProblem[];
  /** Missing for a file that cannot be parsed at all. */
  readonly json: JsonText | undefined;
}

/** Parses a configuration file. Never throws: invalid parts are problems, the rest is used. */
export function parseConfigurationFile(text: string, context: EntryContext): ConfigurationFile {
  const { l10n } = context;
  const nothing = { servers: [], groups: [] };
  const json = parseJsonText(text, maxConfigurationDepth);
  if (!json) {
    const reason = l10n.t('It is nested more than {0} levels deep', maxConfigurationDepth);
    return { ...nothing, json, problems: [{ path: [], reason }] };
  }
  const syntax = json.errors.map((error): EntryProblem => ({
    path: [],
    reason: l10n.t('It is not valid JSON: {0}', jsonErrorText(error.code, l10n)),
    isSchemaProblem: true,
    range: { offset: error.offset, length: error.length },
  }));
  // A new file is empty until the first edit.
  if (text.trim() === '') return { ...nothing, json, problems: [] };
  if (!isObject(json.value)) {
    const reason = l10n.t('It is not a JSON object');
    return { ...nothing, json, problems: [...syntax, { path: [], reason, isSchemaProblem: true }] };
  }
  const { servers, problems } = parseServers(json.value['servers'], ['servers'], context);
  const groups = parseGroups(json.value['groups'], context);
  const unknown = Object.keys(json.value)
    .filter((key) => !['$schema', 'servers', 'groups'].includes(key))
    .map((key) => ({
      path: [key],
      reason: l10n.t('"{0}" is not a known property', key),
      isSchemaProblem: true,
      isKey: true,
    }));
  const conflict = syntax.length === 0 ? undefined : mergeConflict(text);
  return {
    servers,
    groups: groups.groups,
    json,
    // A merge conflict is the cause of all others.
    problems: conflict
      ? [{ path: [], reason: l10n.t('It has an unresolved merge conflict'), range: conflict }]
      : [...syntax, ...unknown, ...problems, ...groups.problems],
  };
}

function parseGroups(
  value: unknown,
  { l10n }: EntryContext,
): { readonly groups: readonly ConfiguredGroup[]; readonly problems: readonly EntryProblem[] } {
  if (value === undefined) return { groups: [], problems: [] };
  const reason = l10n.t('"groups" must map group names to lists of ids');
  if (!isObject(value))
    return { groups: [], problems: [{ path: ['groups'], reason, isSchemaProblem: true }] };
  const parsed = Object.entries(value).map(([name, members]) => ({
    name,
    members: Array.isArray(members) && members.every((id) => typeof id === 'string') ? members : undefined,
  }));
  return {
    groups: parsed.flatMap(({ name, members }) => (members && name.trim() !== '' ? { name, members } : [])),
    problems: parsed
      .filter(({ name, members }) => !members || name.trim() === '')
      .map(({ name }) => ({ path: ['groups', name], reason, isSchemaProblem: true })),
  };
}
