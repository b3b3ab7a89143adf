import { CommandClassifier } from '../scripts/classifyCommand.js';
import type { FileParser } from '../files/fileParser.js';
import { scriptNameProblem } from '../scripts/scriptName.js';
import { isServerScript, scriptRank } from '../scripts/serverScripts.js';
import { entriesOf, maxFindingsPerFile, member, quoted, unreadable } from './findings.js';
import { parseJsonFile } from './json.js';

/** Tasks of a `deno.json` that start a server, told apart like the scripts of a `package.json`. */
export const deno: FileParser = {
  source: 'deno',
  patterns: ['deno.json', 'deno.jsonc'],
  parse({ text }, { l10n }) {
    const read = parseJsonFile(text, l10n);
    if ('problem' in read) return unreadable(read.problem);
    const tasks = entriesOf(member(read.value, 'tasks')).flatMap(([name, task]) => {
      const body = typeof task === 'string' ? task : member(task, 'command');
      return typeof body === 'string' && body.trim() !== '' ? [{ name, body }] : [];
    });
    const siblings = new Set(tasks.map(({ name }) => name));
    const verdicts = new CommandClassifier(new Map(tasks.map(({ name, body }) => [name, body])));
    const named = tasks
      .filter(({ name }) => isServerScript(name, siblings, verdicts))
      .toSorted((first, second) => scriptRank(first.name) - scriptRank(second.name))
      .slice(0, maxFindingsPerFile);
    const reasonOf = (name: string): string | undefined => scriptNameProblem(name, l10n);
    return {
      servers: named
        .filter(({ name }) => reasonOf(name) === undefined)
        .map(({ name, body }) => ({
          name,
          command: { kind: 'argv', file: 'deno', args: ['task', name] },
          script: { body, argumentPrefix: [] },
        })),
      problems: named.flatMap(({ name }) => {
        const reason = reasonOf(name);
        return reason === undefined ? [] : l10n.t('The task {0} is left out: {1}.', quoted(name), reason);
      }),
    };
  },
};
