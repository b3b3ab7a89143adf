import type { FileParser } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sourceLines } from '../shared/sourceText.js';
import { folderOf, baseName, ancestorFolders } from '../../files/relativePath.js';

/** Folders of a module, besides `cmd`, whose main package is the server of the project. */
const serverFolders: ReadonlySet<string> = new Set(
  'api app backend http server service src web webserver'.split(' '),
);

const frameworks = [
  'github.com/gin-gonic/gin',
  'github.com/labstack/echo',
  'github.com/gofiber/fiber',
  'github.com/go-chi/chi',
  'github.com/gorilla/mux',
  'github.com/beego/beego',
  'github.com/kataras/iris',
  'github.com/valyala/fasthttp',
  'github.com/julienschmidt/httprouter',
  'github.com/pocketbase/pocketbase',
  'github.com/danielgtaylor/huma',
];

/** Finds main packages of Go modules that listen. */
export const go: FileParser = {
  source: 'go',
  patterns: ['main.go', 'server.go'],
  parse({ path, text }, facts) {
    const folder = folderOf(path);
    const module = ancestorFolders(folder).find((ancestor) => facts.names(ancestor).has('go.mod'));
    if (module === undefined) return noFindings;
    const packagePath = module === '' ? folder : folder.slice(module.length + 1);
    if (!isServerPackage(packagePath) || !listens(sourceLines(text))) return noFindings;
    // After `./` no name is read as an option.
    const target = packagePath === '' ? '.' : `./${packagePath}`;
    // Go interprets patterns and versions.
    if (/[\p{Cc}@]|\.{3}/u.test(target)) return noFindings;
    const command = { kind: 'argv', file: 'go', args: ['run', target] } as const;
    return singleServer({
      name: packagePath === '' ? baseName(folder) || 'go run' : packagePath,
      command,
      directory: module,
    });
  },
};

function isServerPackage(packagePath: string): boolean {
  return (
    packagePath === '' ||
    packagePath === 'cmd' ||
    packagePath.startsWith('cmd/') ||
    serverFolders.has(packagePath)
  );
}

/**
 * Returns whether a file has the main function of a server; only one file of a package has it, so a package is found
 * once.
 */
function listens(lines: readonly string[]): boolean {
  const code = lines.filter((line) => !line.trimStart().startsWith('//'));
  return (
    code.some((line) => /^package main\b/u.test(line)) &&
    code.some((line) => line.startsWith('func main()')) &&
    code.some(
      (line) =>
        /\bListenAndServe(?:TLS)?\(|\bhttp\.Serve(?:TLS)?\(/u.test(line) ||
        frameworks.some((name) => line.includes(`"${name}`)),
    )
  );
}
