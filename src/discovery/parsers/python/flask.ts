import type { FileParser, FolderFacts, FoundFile, FoundServer } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sourceLines } from '../shared/sourceText.js';
import { folderOf, baseName } from '../../files/relativePath.js';
import { pythonCommand, pythonModule } from './python.js';

/** `Flask(` anywhere, or an app created by a factory of the project. */
const createsApp = /(?<![\w.])(?:flask\.)?Flask\(|^(?:app|application)\s{0,9}=\s{0,9}create_app\(/u;

/** Finds the files that `flask run` takes as `--app`. */
export const flask: FileParser = {
  source: 'flask',
  patterns: ['app.py', 'wsgi.py', 'main.py', 'application.py', 'server.py', 'run.py', 'api.py', 'hello.py'],
  parse(file, facts) {
    const lines = sourceLines(file.text).filter((line) => !line.trimStart().startsWith('#'));
    const isFlask =
      lines.some((line) => createsApp.test(line)) &&
      (/\bflask\b/u.test(file.text) || baseName(file.path) === 'wsgi.py');
    if (!isFlask) return noFindings;
    const server = ownRun(file, lines, facts) ?? flaskRun(file, facts);
    return server ? singleServer(server) : noFindings;
  },
};

/** Runs a file that starts its app on its own port, which `flask run` would ignore. */
function ownRun({ path }: FoundFile, lines: readonly string[], facts: FolderFacts): FoundServer | undefined {
  if (!lines.some((line) => line.includes('__main__'))) return undefined;
  const call = lines.find((line) => /\.run\(/u.test(line) && /\bport\s{0,9}=/u.test(line));
  if (call === undefined) return undefined;
  const port = parsePort(/\bport\s{0,9}=\s{0,9}(\d{1,5})\b/u.exec(call)?.[1]);
  const name = baseName(path);
  return {
    name,
    command: pythonCommand(folderOf(path), [name], facts),
    ...(port === undefined ? {} : { port }),
  };
}

function flaskRun({ path }: FoundFile, facts: FolderFacts): FoundServer | undefined {
  const module = pythonModule(path, facts);
  if (!module) return undefined;
  const { name, folder } = module;
  const command = pythonCommand(folder, ['-m', 'flask', '--app', name, 'run'], facts);
  return { name: `flask ${name}`, command, directory: folder, port: 5000 };
}

function parsePort(digits: string | undefined): number | undefined {
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? port : undefined;
}
