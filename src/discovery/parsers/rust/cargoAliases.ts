import type { FileParser } from '../../files/fileParser.js';
import { unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { parseTomlFile } from '../shared/toml.js';
import { targetServers, type Target } from '../taskRunners/targets.js';

/** Maximum number of aliases that name each other. */
const maxDepth = 5;

/** Finds the aliases of Cargo that run a server. */
export const cargoAliases: FileParser = {
  source: 'taskRunners',
  patterns: ['.cargo/config.toml', '.cargo/config'],
  parse({ text }, facts) {
    const read = parseTomlFile(text, facts.l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    return targetServers(targetsOf(aliasesIn(read.value)), { program: 'cargo' }, facts);
  },
};

/** Returns the words for which each alias stands: `dev = "run -p shop"`, or `dev = ["run", "-p", "shop"]`. */
function aliasesIn(settings: unknown): ReadonlyMap<string, readonly string[]> {
  const entries = ownEntries(ownValue(settings, 'alias')).map(([name, value]) => {
    const words = typeof value === 'string' ? value.trim().split(/\s+/u) : [value].flat();
    return [name, words.filter((word) => typeof word === 'string')] as const;
  });
  return new Map(entries);
}

function targetsOf(aliases: ReadonlyMap<string, readonly string[]>): Target[] {
  return [...aliases.keys()].flatMap((name) => {
    const words = expanded([name], aliases);
    return isShortForm(words) ? [] : { name, lines: [['cargo', ...words].join(' ')] };
  });
}

/** Replaces the first word while it is an alias. */
function expanded(
  words: readonly string[],
  aliases: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  let all = words;
  for (let depth = 0; depth < maxDepth; depth += 1) {
    const [first = '', ...rest] = all;
    const own = aliases.get(first);
    if (own === undefined) return all;
    all = [...own, ...rest];
  }
  return all;
}

/** Returns whether an alias only shortens a command of Cargo, as `rr = "run --release"` does. */
function isShortForm(words: readonly string[]): boolean {
  const [command = '', ...args] = words;
  return /^(?:run|r)$/u.test(command) && args.every((arg) => /^(?:-r|-q|-v|--release|--quiet)$/u.test(arg));
}
