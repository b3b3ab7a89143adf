import type { FileParser, Findings, FolderFacts } from '../../files/fileParser.js';
import { folderOf } from '../../files/relativePath.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import { noFindings, singleServer, unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue, scalarText } from '../shared/ownValues.js';
import { parseYamlFile } from '../shared/yaml.js';

const classifier = new CommandClassifier(new Map());

/** Finds projects whose processes are started together by process-compose. */
export const processCompose: FileParser = {
  source: 'procfile',
  patterns: ['process-compose.{yml,yaml}'],
  parse({ path, text }, facts) {
    return wholeProject(path, text, facts, {
      key: 'processes',
      line: (process) => ownValue(process, 'command'),
      server: { name: 'process-compose up', file: 'process-compose', args: ['up'] },
    });
  },
};

/** Finds projects whose processes are started together by mprocs. */
export const mprocs: FileParser = {
  source: 'procfile',
  patterns: ['mprocs.{yml,yaml}'],
  parse({ path, text }, facts) {
    return wholeProject(path, text, facts, {
      key: 'procs',
      line: (process) => ownValue(process, 'shell') ?? joined(ownValue(process, 'cmd')) ?? process,
      server: { name: 'mprocs', file: 'mprocs', args: [] },
    });
  },
};

interface ProcessFile {
  readonly key: string;
  /** Returns the shell line of a process. */
  readonly line: (process: unknown) => unknown;
  readonly server: { readonly name: string; readonly file: string; readonly args: readonly string[] };
}

function wholeProject(
  path: string,
  text: string,
  facts: FolderFacts,
  { key, line, server }: ProcessFile,
): Findings {
  const read = parseYamlFile(text, facts.l10n);
  if ('problem' in read) return unreadableFile(read.problem);
  const lines = ownEntries(ownValue(read.value, key)).map(([, process]) => line(process));
  const serves = lines.some((each) => typeof each === 'string' && classifier.classifyLine(each) !== 'other');
  if (!serves) return noFindings;
  const { name, file, args } = server;
  return singleServer({ name, command: { kind: 'argv', file, args }, directory: folderOf(path) });
}

function joined(words: unknown): string | undefined {
  return Array.isArray(words) ? words.map(scalarText).join(' ') : undefined;
}
