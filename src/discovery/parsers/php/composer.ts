import { CommandClassifier } from '../../scripts/classifyCommand.js';
import type { Findings, FoundServer } from '../../files/fileParser.js';
import { scriptNameProblem } from '../../scripts/scriptName.js';
import { isServerScript, scriptRank } from '../../scripts/serverScripts.js';
import { shortJson } from '../../files/shortJson.js';
import { maxFindingsPerFile, noFindings, unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue, scalarText } from '../shared/ownValues.js';
import { parseJsonFile } from '../shared/json.js';
import type { Translator } from '../../../core/common.js';

/** Finds the scripts of a `composer.json` that start a server. */
export function composerScripts(text: string, l10n: Translator): Findings {
  const read = parseJsonFile(text, l10n);
  if ('problem' in read) return unreadableFile(read.problem);
  const scripts = ownEntries(ownValue(read.value, 'scripts'));
  if (scripts.length === 0) return noFindings;
  const siblings = new Set(scripts.map(([name]) => name));
  // A script of several commands is a list.
  const bodies = scripts.map(([name, body]) => [name, [body].flat().map(scalarText).join('\n')] as const);
  const lines = new Map(bodies);
  const classifier = new CommandClassifier(lines);
  const named = [...siblings]
    .filter((name) => isServerScript(name, siblings, classifier))
    .toSorted((first, second) => scriptRank(first) - scriptRank(second))
    .slice(0, maxFindingsPerFile);
  const problems = named.flatMap((name) => {
    const reason = scriptNameProblem(name, l10n);
    return reason === undefined ? [] : l10n.t('The script {0} was ignored: {1}.', shortJson(name), reason);
  });
  const usable = named.filter((name) => scriptNameProblem(name, l10n) === undefined);
  return { servers: usable.map((name) => composerServer(name, lines.get(name) ?? '')), problems };
}

function composerServer(script: string, runs: string): FoundServer {
  return {
    name: `composer ${script}`,
    // `run-script` prevents a script from being mistaken for a command of Composer.
    command: { kind: 'argv', file: 'composer', args: ['run-script', script] },
    // Composer ends a script after five minutes by default.
    env: { COMPOSER_PROCESS_TIMEOUT: '0' },
    ...programOf(runs),
  };
}

/**
 * Returns the program that a script runs, unless it calls another script with `@`, which only Composer can resolve.
 */
function programOf(runs: string): Pick<FoundServer, 'traits'> {
  if (/\bartisan serve\b/u.test(runs)) return { traits: { runs: 'php artisan serve' } };
  return runs.includes('@') ? {} : { traits: { runs } };
}
