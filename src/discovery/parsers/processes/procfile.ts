import { CommandClassifier } from '../../scripts/classifyCommand.js';
import type { FileParser, Findings, FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { classifyName } from '../../scripts/nameWords.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { unreadableFile } from '../shared/findings.js';
import { sizeProblem } from '../shared/sourceText.js';

/** Port that foreman gives to the first process, and the step to each next one. */
const firstPort = 5000;
const portStep = 100;

const withoutScripts = new CommandClassifier(new Map());

/** Procfiles of deployments. All others are for development, where every process belongs to a run. */
const deploymentFile = /^Procfile(?:\.(?:prod|production|staging|heroku|release|deploy|ci|test))?$/u;

/** Finds the processes of Procfiles that serve. */
export const procfileParser: FileParser = {
  source: 'procfile',
  patterns: ['Procfile', 'Procfile.*'],
  parse: (file, facts) => {
    const tooLarge = sizeProblem(file.text, facts.l10n);
    return tooLarge === undefined ? parseProcesses(file, facts) : unreadableFile(tooLarge);
  },
};

function parseProcesses({ path, text }: FoundFile, facts: FolderFacts): Findings {
  const { l10n } = facts;
  const isDeployed = deploymentFile.test(baseName(path));
  const traits = {
    purpose: isDeployed ? 'production' : 'development',
    // The script of the project starts all processes together.
    ...(startsProcfile(path, facts) && { isGuess: true }),
  } as const;
  const servers: FoundServer[] = [];
  const problems: string[] = [];
  const lines = text.split(/\r?\n/u);
  let process = 0;
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:#|$)/u.test(line)) continue;
    const { name, command } = /^\s*(?<name>[\w-]+)\s*:\s*(?<command>\S.*)$/u.exec(line)?.groups ?? {};
    if (name === undefined || command === undefined) {
      problems.push(l10n.t('Line {0} does not have the form "name: command".', index + 1));
      continue;
    }
    const port = firstPort + portStep * process;
    process += 1;
    if (isServerProcess(name, command, isDeployed))
      servers.push({ ...processServer(name, command.trim(), port), traits });
  }
  return {
    servers,
    problems: summarized(problems, (count) => l10n.t('{0} more lines are not valid.', count)),
  };
}

/** Returns whether `bin/dev`, by the custom of Rails, starts the processes of this file. */
function startsProcfile(path: string, facts: FolderFacts): boolean {
  const script = facts.text(joinPath(folderOf(path), 'bin/dev'));
  return script?.includes(baseName(path)) === true;
}

/** Returns whether a process serves; `release` is a step of a deployment. */
function isServerProcess(name: string, command: string, isDeployed: boolean): boolean {
  if (name === 'release') return false;
  if (name === 'web') return true;
  const classification = withoutScripts.classifyLine(command);
  if (!isDeployed) return classification !== 'other';
  return classification === 'server' || (classification !== 'other' && classifyName(name) === 'server');
}

/** Returns the server of a process. Runners of Procfiles pass each process a port, which only some commands use. */
function processServer(name: string, line: string, port: number): FoundServer {
  const command = { kind: 'shell', line } as const;
  const asksForPort = /\$(?:PORT\b|\{PORT\})/u.test(line) && !/(?:^|\s)(?:export\s+)?PORT=/u.test(line);
  return asksForPort ? { name, command, port, env: { PORT: String(port) } } : { name, command };
}

/** Reports the first problem and the number of the others: a file that is no Procfile has many invalid lines. */
function summarized(problems: readonly string[], more: (count: number) => string): string[] {
  const [first, ...others] = problems;
  if (first === undefined) return [];
  return others.length === 0 ? [first] : [first, more(others.length)];
}
