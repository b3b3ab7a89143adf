import type { FileParser, Findings, FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { baseName, folderOf } from '../../files/relativePath.js';
import { maxFindingsPerFile, noFindings } from '../shared/findings.js';
import { developerChapter, guideFiles } from '../shared/guideLines.js';
import { guidePagePatterns } from '../shared/guidePages.js';
import { documentedServer } from './documentedServer.js';
import { GuidedProject } from './guidedProject.js';
import { guideCommands, type GuideCommand } from './guideCommands.js';
import { declaresProgram } from './runsProject.js';

/** Maximum number of commands of one guide. Guides with more are generated. */
const maxCommands = 1000;

/** Finds the servers that the guides of a project tell developers to start. */
export const guide: FileParser = {
  source: 'guides',
  // In a large workspace, the guides of packages are for their users.
  nearest: 50,
  patterns: guideFiles,
  parse: guidedServers,
};

/** Finds the servers that pages of a documentation tell developers to start. */
export const guidePages: FileParser = {
  source: 'guides',
  nearest: 40,
  patterns: [
    ...guidePagePatterns,
    '{DOCUMENTATION,DEVELOPER,DEVELOPERS,CONTRIBUTE,HACKING,BUILDING,SETUP,QUICKSTART,DEV}.{md,rst}',
    '.github/copilot-instructions.md',
  ],
  parse: (file, facts) => (ofGuides.has(baseName(file.path)) ? noFindings : guidedServers(file, facts)),
};

/** Names that the other parser reads. */
const ofGuides: ReadonlySet<string> = new Set(guideFiles);

function guidedServers({ path, text }: FoundFile, facts: FolderFacts): Findings {
  // A guide in `docs` is about the folder above.
  const folder = folderOf(path).replace(/(?:^|\/)(?:docs?|documentation|\.github|\.claude)(?:\/.*|$)/u, '');
  const project = new GuidedProject(facts, folder);
  const isReleased = installedPrograms(text);
  const needsFile = commandsWithFile(text);
  const commands = guideCommands(text).slice(0, maxCommands);
  const isForUsers = releasedPrograms(commands);
  const found = commands
    .filter(({ line }) => !needsFile(line))
    .flatMap((command) => {
      const server = documentedServer(command, project);
      if (server === undefined) return [];
      const { directory = '' } = server;
      const isInstalled = isReleased(command.line) && project.has('manage.py', directory);
      const [program = ''] = server.name.split(' ');
      const isUsed = isForUsers(command, program) && declaresProgram(program, directory, project);
      return isInstalled || isUsed ? asProduction(server) : server;
    });
  return { servers: withDistinctNames(found).slice(0, maxFindingsPerFile), problems: [] };
}

function asProduction(server: FoundServer): FoundServer {
  return { ...server, traits: { ...server.traits, purpose: 'production' } };
}

/**
 * Returns a function that tells whether a line runs the program of a package whose release the guide installs: `shop` or
 * `shop serve` after `pip install shop`.
 */
function installedPrograms(text: string): (line: string) => boolean {
  const installed = [
    ...text.matchAll(
      /^[ \t]*(?:\$ )?(?:pipx?|uv tool) install (?:-U |--upgrade )?["']?(\w[\w-]{1,50})(?:\[[\w,-]{1,50}\])?["']?[ \t]*$/gmu,
    ),
  ];
  const names = new Set(installed.map(([, name]) => name));
  return (line) => names.has(line.split(' ')[0] ?? '');
}

const installs =
  /^(?:(?:python3? -m )?pip3?|pipx|uv tool) install (?:-U |--upgrade )?["']?(\w[\w-]{1,50})(?:\[[\w,-]{1,50}\])?["']?$/u;

/**
 * Returns a function that tells whether a command runs a program whose release an earlier command of its chapter
 * installs. Developers run the sources instead, and their chapters are not about what is installed elsewhere.
 */
function releasedPrograms(
  commands: readonly GuideCommand[],
): (command: GuideCommand, program: string) => boolean {
  const installed = commands.flatMap((command) => {
    const name = installs.exec(command.line)?.[1];
    return name === undefined ? [] : { name, chapter: chapterOf(command) };
  });
  return (command, program) => {
    const own = chapterOf(command);
    return installed.some(
      ({ name, chapter }) =>
        name === program &&
        own.startsWith(chapter) &&
        developerChapter.test(own) === developerChapter.test(chapter),
    );
  };
}

/** Returns the titles of the chapter of a command, and of those that contain it. */
function chapterOf({ chapters, heading }: GuideCommand): string {
  return [...chapters, heading, ''].join('\n');
}

/** A command of a program without arguments. */
const plainCommand = /^[a-z][\w-]* [a-z]+$/u;

/**
 * Returns a function that tells whether a guide only mentions a command, and adds a file to it where it is typed: `shop
 * run page.py`.
 */
function commandsWithFile(text: string): (line: string) => boolean {
  let typed: ReadonlySet<string> | undefined;
  let named: ReadonlySet<string> | undefined;
  return (line) => {
    if (!plainCommand.test(line)) return false;
    typed ??= new Set(text.split('\n').map((each) => each.trim().replace(/^\$ /u, '')));
    named ??= new Set(
      [...typed].flatMap(
        (each) => /^([a-z][\w-]* [a-z]+) [\w-]+\.(?:ipynb|[jt]s|py|rb)$/u.exec(each)?.[1] ?? [],
      ),
    );
    return named.has(line) && !typed.has(line);
  };
}

/** Omits duplicate servers, and adds the folder to the names of those in other folders. */
function withDistinctNames(found: readonly FoundServer[]): FoundServer[] {
  const byName = new Map<string, FoundServer>();
  for (const server of found) {
    const { name, directory = '' } = server;
    const first = byName.get(name);
    if (!first) byName.set(name, server);
    else if (first.directory !== directory) {
      const distinct = `${name} (${directory === '' ? '.' : directory})`;
      if (!byName.has(distinct)) byName.set(distinct, { ...server, name: distinct });
    }
  }
  return [...byName.values()];
}
