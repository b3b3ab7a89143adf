import * as v from 'valibot';
import type { EntryPath, EntryProblem } from './entryProblem.js';
import { maxConfiguredServers } from '../files/limits.js';
import { serverEntrySchema } from './serverEntry.js';
import {
  parseEntry,
  type EntryContext,
  type ParsedEntry,
  type ConfiguredServer,
} from './configuredServer.js';

/** The valid servers of a list, and the problems of the others. */
export interface ConfiguredServers {
  readonly servers: readonly ConfiguredServer[];
  readonly problems: readonly EntryProblem[];
}

/** Parses the list of configured servers at this path. An invalid entry does not affect the others. */
export function parseServers(value: unknown, path: EntryPath, context: EntryContext): ConfiguredServers {
  if (value === undefined || value === null) return { servers: [], problems: [] };
  const { l10n } = context;
  if (!Array.isArray(value)) {
    return {
      servers: [],
      problems: [{ path, reason: l10n.t('It is not a list of servers'), isSchemaProblem: true }],
    };
  }
  const tooMany = l10n.t(
    'It has {0} servers; only the first {1} are used',
    value.length,
    maxConfiguredServers,
  );
  // Created once, since it contains about a hundred messages.
  const schema = serverEntrySchema(l10n);
  const ids = new Set<string>();
  const parsed = value
    .slice(0, maxConfiguredServers)
    .map((entry: unknown, index) => parseListEntry(entry, [...path, index], ids, schema, context));
  return {
    servers: parsed.flatMap(({ server }) => server ?? []),
    problems: [
      ...(value.length > maxConfiguredServers ? [{ path, reason: tooMany }] : []),
      ...parsed.flatMap(({ problems }) => problems),
    ],
  };
}

/** Parses one entry. Adds its id to `ids`, which contains the ids of earlier entries. */
function parseListEntry(
  entry: unknown,
  path: EntryPath,
  ids: Set<string>,
  schema: ReturnType<typeof serverEntrySchema>,
  context: EntryContext,
): ParsedEntry {
  const parsed = v.safeParse(schema, entry);
  if (!parsed.success) return { server: undefined, problems: formProblems(parsed.issues, path) };
  if (ids.has(parsed.output.id)) {
    const reason = context.l10n.t('duplicate "id"');
    return { server: undefined, problems: [{ path: [...path, 'id'], reason }] };
  }
  const result = parseEntry(parsed.output, path, context);
  if (result.server) ids.add(parsed.output.id);
  return result;
}

/** Returns the distinct problems of an entry: several parts of a value can fail with the same message. */
function formProblems(issues: readonly v.BaseIssue<unknown>[], path: EntryPath): readonly EntryProblem[] {
  const problems = issues.map(({ path: steps = [], message, expected }): EntryProblem => {
    const keys = steps.flatMap(({ key }) =>
      typeof key === 'string' || typeof key === 'number' ? [key] : [],
    );
    const isKey = expected === 'never';
    return { path: [...path, ...keys], reason: message, isSchemaProblem: true, ...(isKey && { isKey }) };
  });
  return [...new Map(problems.map((problem) => [problem.reason, problem])).values()];
}
