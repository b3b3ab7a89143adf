import { escapeRegExp } from '../../../core/escapeRegExp.js';
import type { FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders, joinPath } from '../../files/relativePath.js';
import { guideLines } from '../shared/guideLines.js';
import { guidePageLines } from '../shared/guidePages.js';
import { moduleText, type PythonModule } from './pythonModules.js';
import { textOfTable } from './tomlTable.js';

/** A program that a project declares in its `pyproject.toml`: `shop = "shop.main:run"`. */
interface DeclaredProgram {
  readonly name: string;
  /** The module whose function it calls. */
  readonly module: string;
  /** Source text of that module. */
  readonly text: string;
}

/** Call of a program for web applications. */
const startsServer = /\b(?:uvicorn|gunicorn|hypercorn|daphne|granian|waitress)\b/u;

/** Returns the programs of the projects in these folders that start a web server. */
function servingPrograms(folders: readonly string[], facts: FolderFacts): DeclaredProgram[] {
  const found = folders.filter((folder) => facts.names(folder).has('pyproject.toml'));
  return found
    .flatMap((folder) =>
      entriesIn(facts.text(joinPath(folder, 'pyproject.toml')) ?? '').map(([name, module]) => ({
        name,
        module,
        text: moduleText(folder, module, facts) ?? moduleText(joinPath(folder, 'src'), module, facts) ?? '',
      })),
    )
    .filter(({ text }) => startsServer.test(text));
}

/** A line such as `shop = "shop.main:run"`. */
const entryPattern = /^["']?([\w.-]{1,100})["']?\s{0,9}=\s{0,9}["']([A-Za-z_][\w.]{0,200}):\w/gmu;

/** Tables in which projects declare programs. */
const programTables = ['project.scripts', 'tool.poetry.scripts'];

function entriesIn(text: string): [name: string, module: string][] {
  return programTables.flatMap((table) =>
    [...textOfTable(text, table).matchAll(entryPattern)].map(
      ([, name = '', module = '']): [string, string] => [name, module],
    ),
  );
}

/** Returns whether a program of a project above a folder starts the server of the package of that folder. */
export function isStartedByProgram(folder: string, name: string, facts: FolderFacts): boolean {
  const programs = servingPrograms(ancestorFolders(folder).slice(1), facts);
  return programs.some(({ module }) => module.startsWith(`${name}.`) && module !== `${name}.manage`);
}

/**
 * Returns whether a program of the project serves the app of a module by its name, or imports it, and the guides call
 * that program. If the program imports the app, they call it with arguments: what these name may be missing in the app.
 */
export function isServedByProgram({ name, folder }: PythonModule, app: string, facts: FolderFacts): boolean {
  const folders = ancestorFolders(folder);
  const programs = servingPrograms(folders, facts).filter(({ module }) => module !== name);
  if (programs.length === 0) return false;
  const lines = [...folders.flatMap((each) => guideLines(each, facts)), ...guidePageLines(facts)];
  return programs.some(({ name: program, text }) => {
    const isNamed = [`"${name}:${app}"`, `'${name}:${app}'`].some((each) => text.includes(each));
    if (!isNamed && !importsApp(text, name, app)) return false;
    const args = isNamed ? String.raw`(?: -|\x60|$)` : String.raw` [a-z]+ \S`;
    const call = new RegExp(String.raw`(?:^|[\s\x60])${escapeRegExp(program)}${args}`, 'u');
    return lines.some((line) => call.test(line));
  });
}

function importsApp(text: string, module: string, app: string): boolean {
  const last = module.split('.').at(-1) ?? '';
  return text
    .split('\n')
    .some((line) =>
      [`from ${module} import`, `from .${last} import`, `from ..${last} import`].some(
        (start) => line.trimStart().startsWith(start) && new RegExp(String.raw`\b${app}\b`, 'u').test(line),
      ),
    );
}
