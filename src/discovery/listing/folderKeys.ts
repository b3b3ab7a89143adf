import { baseName, folderOf } from '../files/relativePath.js';
import type { Paths } from '../files/workspaceFiles.js';
import { isSourceFile } from '../scripts/sourceFile.js';
import { interpreter, keyOf, otherInterpreter, subjectOf } from './runSubject.js';

/** Returns the key of a program that runs the contents of a folder. It is the same wherever the program is started. */
export function keyOfFolder(
  program: string,
  args: readonly string[],
  cwd: string,
  paths: Paths,
): string | undefined {
  if (program === 'go' && args[0] === 'run') return goKey(args, cwd, paths);
  // An application server for Ruby runs the application of its folder.
  if (/^(?:puma|unicorn|thin|falcon)$/u.test(program)) return keyOf('app config.ru', cwd);
  if (applicationServer.test(program)) return applicationKey(program, args, cwd);
  if (program === 'gradle' || program === 'gradlew') return gradleKey(args, cwd, paths);
  if (program === 'dotnet') return dotnetKey(args, cwd, paths);
  return keyOfPages(program, args, cwd, paths) ?? keyOfFile(program, args, cwd, paths);
}

/** Returns the key of a program that serves the pages of a folder. */
function keyOfPages(program: string, args: readonly string[], cwd: string, paths: Paths): string | undefined {
  if (pageTool.test(program)) return pageToolKey(program, args, cwd, paths);
  if (program === 'streamlit') return streamlitKey(args, cwd, paths);
  if (program === 'hugo' && args.some((arg) => /^serve(?:r)?$/u.test(arg))) return hugoKey(args, cwd, paths);
  return program === 'sphinx-autobuild' ? keyOf(program, paths.resolve(cwd, sphinxSource(args))) : undefined;
}

const applicationServer = /^(?:uvicorn|gunicorn|hypercorn|daphne|granian)$/u;

/** Returns the key of a Python application by its module, regardless of the program that serves it. */
function applicationKey(program: string, args: readonly string[], cwd: string): string | undefined {
  const app = subjectOf(program, args).find((arg) => /^[A-Za-z_][\w.]*(?::\w+)?(?:\(\))?$/u.test(arg));
  return app === undefined ? undefined : keyOf(`app ${app.replace(/:(?:app|application)$/u, '')}`, cwd);
}

/** Tools that serve the pages of a folder: the one that an argument names, or else the working folder. */
const pageTool = /^(?:vite|vitepress|vuepress|nuxt|nuxi|next|docusaurus)$/u;

/** A line that may run such a tool for a folder that it names. */
const pageToolInFolder =
  /\b(?:vite|vitepress|vuepress|nuxt|nuxi|next|docusaurus)(?: (?:dev|serve|start))? \w/u;

const hugoInFolder = /\bhugo\b[^&|;]{0,200} (?:-s|--source)/u;

/** Commands of these tools that serve pages for development; `vite` also serves without one. */
const devCommand = /^(?:(?:vite|vitepress|vuepress|nuxt|nuxi|next) dev|vite serve|docusaurus start)$/u;

/**
 * Returns the key of a tool that serves pages for development. `vite` in `web`, and `vite dev web` in the folder above,
 * have the same key.
 */
function pageToolKey(
  program: string,
  args: readonly string[],
  cwd: string,
  paths: Paths,
): string | undefined {
  const subject = subjectOf(program, args);
  const [first = ''] = subject;
  const isNamed = devCommand.test(`${program} ${first}`);
  // Without a command, only Vite serves.
  const isOther = program !== 'vite' || /^(?:build|preview|optimize)$/u.test(first);
  const folders = isNamed ? subject.slice(1) : subject;
  if ((!isNamed && isOther) || folders.length > 1) return undefined;
  return keyOf(`${program === 'nuxi' ? 'nuxt' : program} dev`, paths.resolve(cwd, folders[0] ?? '.'));
}

/** Returns the key of a file that Streamlit runs, which is the same from each folder. */
function streamlitKey(args: readonly string[], cwd: string, paths: Paths): string | undefined {
  const [run, file] = subjectOf('streamlit', args);
  if (run !== 'run' || file === undefined) return undefined;
  return keyOf(`streamlit ${baseName(file)}`, paths.resolve(cwd, folderOf(file)));
}

/** Returns the key of a site of Hugo, which is the same from each folder. */
function hugoKey(args: readonly string[], cwd: string, paths: Paths): string {
  const option = args.findIndex((arg) => /^(?:-s|--source(?:=|$))/u.test(arg));
  const value = /^(?:-s=?|--source=)(.+)$/u.exec(args[option] ?? '')?.[1] ?? args[option + 1];
  return keyOf('hugo server', paths.resolve(cwd, option === -1 ? '.' : (value ?? '.')));
}

/** Returns the key of a task of Gradle: `:server:bootRun` is `bootRun` in the folder `server`. */
function gradleKey(args: readonly string[], cwd: string, paths: Paths): string | undefined {
  const [task, ...others] = subjectOf('gradle', args);
  if (task === undefined || others.length > 0) return undefined;
  const projects = task.split(':').filter((part) => part !== '');
  const name = projects.pop() ?? task;
  return keyOf(`gradle ${name}`, paths.resolve(cwd, projects.join('/') || '.'));
}

/** Returns the key of a tool that gets one source file, which is the same from each folder: `chainlit run shop/app.py`. */
function keyOfFile(program: string, args: readonly string[], cwd: string, paths: Paths): string | undefined {
  if (interpreter.test(program) || otherInterpreter.test(program) || isSourceFile(program)) return undefined;
  const subject = subjectOf(program, args);
  const [file, ...others] = subject.filter(isSourceFile);
  if (file === undefined || !file.includes('/') || others.length > 0) return undefined;
  const words = subject.map((word) => (word === file ? baseName(file) : word));
  return keyOf([program, ...words].join(' '), paths.resolve(cwd, folderOf(file)));
}

/**
 * Returns the key of a project of .NET, which is the same from each folder, and with `dotnet watch`. `undefined` for
 * other commands.
 */
function dotnetKey([first, ...rest]: readonly string[], cwd: string, paths: Paths): string | undefined {
  const words = first === 'watch' ? rest : [first ?? '', ...rest];
  const option = words.indexOf('--project');
  const own = option === -1 ? words : words.toSpliced(option, 2);
  const [command = '-', ...args] = own;
  const isPlainWatch = first === 'watch' && command.startsWith('-');
  if (command !== 'run' && !isPlainWatch) return undefined;
  const subject = subjectOf('dotnet', isPlainWatch ? own : args);
  const project = option === -1 ? '.' : folderOfProject(words[option + 1]);
  return keyOf(['dotnet run', ...subject].join(' '), paths.resolve(cwd, project));
}

/** Returns the folder of a project of .NET, which a command may name by its file. */
function folderOfProject(path = '.'): string {
  return path.replace(/(?<=^|\/)[^/]*\.\w{1,9}proj$/u, '') || '.';
}

/** Options of Sphinx with a separate value. */
const sphinxValue = /^-[bdcDAjtw]$|^--(?:port|host|watch|ignore|re-ignore|pre-build|post-build|delay)$/u;

/** Returns the source folder of a documentation, which identifies the server regardless of the build folder. */
function sphinxSource(args: readonly string[]): string {
  return args.find((arg, index) => !arg.startsWith('-') && !sphinxValue.test(args[index - 1] ?? '')) ?? '.';
}

/** Returns the key of a package of Go. `go run ./cmd/api`, and `go run .` in that folder, have the same key. */
function goKey(args: readonly string[], cwd: string, paths: Paths): string {
  const [run = '', name = '.', ...rest] = subjectOf('go', args);
  const isLocal = !/@|^[\w-]+(?:\.[\w-]+)+\//u.test(name);
  return isLocal
    ? keyOf(['go', run, '.', ...rest].join(' '), paths.resolve(cwd, name))
    : keyOf(['go', run, name, ...rest].join(' '), cwd);
}

/** Returns whether a line may run a tool for the folder of another package. */
export function runsInFolder(line: string): boolean {
  return pageToolInFolder.test(line) || hugoInFolder.test(line);
}
