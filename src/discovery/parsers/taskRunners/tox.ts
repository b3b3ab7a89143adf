import { lineOf } from '../../../core/commandLine/parse.js';
import type { FileParser } from '../../files/fileParser.js';
import { unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue, scalarText } from '../shared/ownValues.js';
import { sourceLines } from '../shared/sourceText.js';
import { parseTomlFile } from '../shared/toml.js';
import { targetServers, type Target } from './targets.js';

/** The call of tox for an environment. tox creates the environments, and is installed outside of them. */
export const toxRunner = { program: 'tox', args: ['-e'] } as const;

/** Maximum number of environments that a name with braces stands for. Longer lists are generated. */
const maxNames = 50;

/** Maximum number of nested references that are filled in. */
const maxDepth = 3;

/** Finds the environments of tox that serve. */
export const toxEnvironments: FileParser = {
  source: 'taskRunners',
  patterns: ['tox.ini', 'tox.toml'],
  parse({ path, text }, facts) {
    if (path.endsWith('.ini')) return targetServers(iniEnvironments(text), toxRunner, facts);
    const read = parseTomlFile(text, facts.l10n);
    return 'problem' in read
      ? unreadableFile(read.problem)
      : targetServers(tomlEnvironments(read.value), toxRunner, facts);
  },
};

/** Returns the environments in a table of tox settings, which may contain the text of a `tox.ini`. */
export function tomlEnvironments(settings: unknown): Target[] {
  const legacy = ownValue(settings, 'legacy_tox_ini');
  const environments = ownEntries(ownValue(settings, 'env')).map(([name, environment]) => {
    const folder = scalarText(ownValue(environment, 'change_dir'));
    const commands = [ownValue(environment, 'commands')].flat(1);
    const lines = commands.map((words) => [words].flat().map(wordOf).join(' '));
    return { name, lines: inFolder(folder, lines.map(plainLine)) };
  });
  return typeof legacy === 'string' ? [...iniEnvironments(legacy), ...environments] : environments;
}

/** Returns a word of a command, or its default if no arguments are given. */
function wordOf(word: unknown): string {
  const text = typeof word === 'object' ? [ownValue(word, 'default')].flat().map(scalarText) : [];
  return typeof word === 'string' ? lineOf([word]) : text.join(' ');
}

type Section = ReadonlyMap<string, readonly string[]>;

function iniEnvironments(text: string): Target[] {
  const sections = sectionsOf(text);
  return [...sections].flatMap(([section, values]) => {
    const names = section.startsWith('testenv:') ? namesOf(section.slice('testenv:'.length)) : [];
    return names.map((name) => {
      const factors = new Set(name.split('-'));
      const lines = linesOf(values, 'commands', sections).flatMap((line) => lineFor(factors, line) ?? []);
      const [folder = ''] = [...(values.get('changedir') ?? []), ...(values.get('change_dir') ?? [])];
      return { name, lines: inFolder(plainLine(folder), joined(lines).map(plainLine)) };
    });
  });
}

function sectionsOf(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string[]>>();
  let section = new Map<string, string[]>();
  let value: string[] = [];
  for (const line of sourceLines(text).filter((each) => !/^\s*(?:[#;]|$)/u.test(each))) {
    const name = /^\[([^\]]+)\]/u.exec(line)?.[1];
    const [, key, first = ''] = /^([\w-]+)\s*=(.*)/u.exec(line) ?? [];
    if (name !== undefined) sections.set(name.trim(), (section = new Map()));
    else if (key !== undefined) section.set(key, (value = first.trim() === '' ? [] : [first.trim()]));
    else value.push(line.trim());
  }
  return sections;
}

/** Returns the names that a name with braces stands for: `docs-{build,serve}`. */
function namesOf(name: string): string[] {
  const names = [name];
  for (const each of names) {
    const [braces, inner = ''] = /\{([^{}]*)\}/u.exec(each) ?? [];
    if (braces === undefined || names.length > maxNames) continue;
    names.push(...inner.split(',').map((part) => each.replace(braces, part.trim())));
  }
  return names.filter((each) => !/[{}]/u.test(each));
}

/** Returns the lines of a setting, including those of other sections that it refers to. */
function linesOf(
  section: Section,
  key: string,
  sections: ReadonlyMap<string, Section>,
  depth = 0,
): readonly string[] {
  return (section.get(key) ?? []).flatMap((line) => {
    const [, other = '', otherKey = ''] = /^\{\[([^\]]+)\](\w+)\}$/u.exec(line.trim()) ?? [];
    const referred = sections.get(other);
    return referred && depth < maxDepth ? linesOf(referred, otherKey, sections, depth + 1) : line;
  });
}

/** Returns the line if it applies to an environment with these factors: `serve,!build: mkdocs serve`. */
function lineFor(factors: ReadonlySet<string>, line: string): string | undefined {
  const [, conditions, rest] = /^([\w.,!-]+):\s(.*)/u.exec(line) ?? [];
  if (conditions === undefined) return line;
  const has = (factor: string): boolean =>
    factor.startsWith('!') ? !factors.has(factor.slice(1)) : factors.has(factor);
  return conditions.split(',').some((condition) => condition.split('-').every(has))
    ? rest?.trim()
    : undefined;
}

/** Joins lines where a backslash continues them. */
function joined(lines: readonly string[]): string[] {
  return lines.join('\n').replaceAll(/\\\n/gu, ' ').split('\n');
}

/** Returns what a line runs if no arguments are given. */
function plainLine(line: string): string {
  return line
    .replace(/^[-!]+\s*/u, '')
    .replaceAll(/\{(?:posargs|tox_root|toxinidir)(?::([^{}]*))?\}(\/)?/gu, (_, value = '', slash = '') =>
      value === '' && slash !== '' ? './' : value,
    )
    .replaceAll(/\{(?:envpython|env_python)\}/gu, 'python')
    .replaceAll(/\{(?:envbindir|env_bin_dir)\}[/\\]/gu, '');
}

function inFolder(folder: string, lines: readonly string[]): string[] {
  return [...(folder === '' ? [] : [`cd ${folder}`]), ...lines];
}
