import { CommandClassifier } from '../../scripts/classifyCommand.js';
import type { FileParser } from '../../files/fileParser.js';
import { scriptNameProblem } from '../../scripts/scriptName.js';
import { isServerScript, scriptRank } from '../../scripts/serverScripts.js';
import { shortJson } from '../../files/shortJson.js';
import { maxFindingsPerFile, unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { parseJsonFile } from '../shared/json.js';

/** Finds the tasks of a `deno.json` that start a server, by the rules for the scripts of a `package.json`. */
export const deno: FileParser = {
  source: 'deno',
  patterns: ['deno.json', 'deno.jsonc'],
  parse({ text }, { l10n }) {
    const read = parseJsonFile(text, l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    const tasks = ownEntries(ownValue(read.value, 'tasks')).flatMap(([name, task]) => {
      const body = typeof task === 'string' ? task : ownValue(task, 'command');
      return typeof body === 'string' && body.trim() !== '' ? [{ name, body }] : [];
    });
    const siblings = new Set(tasks.map(({ name }) => name));
    const classifier = new CommandClassifier(new Map(tasks.map(({ name, body }) => [name, body])));
    const named = tasks
      .filter(({ name }) => isServerScript(name, siblings, classifier))
      .toSorted((first, second) => scriptRank(first.name) - scriptRank(second.name))
      .slice(0, maxFindingsPerFile);
    const nameProblem = (name: string): string | undefined => scriptNameProblem(name, l10n);
    return {
      servers: named
        .filter(({ name }) => nameProblem(name) === undefined)
        .map(({ name, body }) => ({
          name,
          command: { kind: 'argv', file: 'deno', args: ['task', name] },
          script: { body, argumentPrefix: [] },
        })),
      problems: named.flatMap(({ name }) => {
        const reason = nameProblem(name);
        return reason === undefined ? [] : l10n.t('The task {0} was ignored: {1}.', shortJson(name), reason);
      }),
    };
  },
};
