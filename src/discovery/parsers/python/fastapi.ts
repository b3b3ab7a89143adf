import type { FileParser, FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sourceLines } from '../shared/sourceText.js';
import { folderOf, baseName } from '../../files/relativePath.js';
import { pythonCommand, pythonModule } from './python.js';

const appVariable = /^([A-Za-z_]\w{0,99})\s{0,9}(?::[^=]{0,99})?=\s{0,9}(?:fastapi\.)?FastAPI\(/u;
const appFactory = /^def ((?:create|make|build|get)_app(?:lication)?)\(\)/u;

/**
 * Finds files with a FastAPI app. They run with uvicorn, since `fastapi dev` needs more than `pip install fastapi
 * uvicorn` installs and starts uvicorn itself.
 */
export const fastapi: FileParser = {
  source: 'fastapi',
  patterns: ['main.py', 'app.py', 'api.py', 'server.py', 'application.py', 'asgi.py'],
  parse(file, facts) {
    if (!file.text.includes('FastAPI(')) return noFindings;
    const lines = sourceLines(file.text);
    const server = ownRun(file, lines, facts) ?? uvicornRun(file, lines, facts);
    return server ? singleServer(server) : noFindings;
  },
};

/** Runs a file that starts uvicorn itself, with the port and the options of its author. */
function ownRun({ path }: FoundFile, lines: readonly string[], facts: FolderFacts): FoundServer | undefined {
  const runs = lines.some((line) => /^\s{1,99}uvicorn\.run\(/u.test(line));
  if (!runs || !lines.some((line) => /^if __name__ ?==/u.test(line))) return undefined;
  const module = pythonModule(path, facts);
  if (!module) return undefined;
  const isInPackage = module.name.includes('.');
  const args = isInPackage ? ['-m', module.name] : [baseName(path)];
  const directory = isInPackage ? module.folder : folderOf(path);
  return { name: `fastapi ${module.name}`, command: pythonCommand(directory, args, facts), directory };
}

function uvicornRun(
  { path }: FoundFile,
  lines: readonly string[],
  facts: FolderFacts,
): FoundServer | undefined {
  const module = pythonModule(path, facts);
  const variable = firstMatch(lines, appVariable);
  const factory = variable === undefined ? firstMatch(lines, appFactory) : undefined;
  const app = variable ?? factory;
  if (!module || app === undefined) return undefined;
  const { name, folder } = module;
  const args = [
    '-m',
    'uvicorn',
    `${name}:${app}`,
    '--reload',
    ...(factory === undefined ? [] : ['--factory']),
  ];
  return {
    name: `fastapi ${name}`,
    command: pythonCommand(folder, args, facts),
    directory: folder,
    port: 8000,
  };
}

function firstMatch(lines: readonly string[], expression: RegExp): string | undefined {
  for (const line of lines) {
    const match = expression.exec(line)?.[1];
    if (match !== undefined) return match;
  }
  return undefined;
}
