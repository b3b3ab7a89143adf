import { baseName, folderOf } from '../files/relativePath.js';
import type { Paths } from '../files/workspaceFiles.js';
import { keyOf, subjectOf } from './runSubject.js';

/** Returns the key of a program that runs what is in a folder, wherever it is started. */
export function keyOfFolder(
  program: string,
  args: readonly string[],
  cwd: string,
  paths: Paths,
): string | undefined {
  if (program === 'go' && args[0] === 'run') return goKey(args, cwd, paths);
  // A server for Ruby runs the application of its folder.
  if (/^(?:puma|unicorn|thin|falcon)$/u.test(program)) return keyOf('app config.ru', cwd);
  if (applicationServer.test(program)) return applicationKey(program, args, cwd);
  if (pageTool.test(program)) return pageToolKey(program, args, cwd, paths);
  if (program === 'streamlit') return streamlitKey(args, cwd, paths);
  if (program === 'gradle' || program === 'gradlew') return gradleKey(args, cwd, paths);
  return program === 'sphinx-autobuild' ? keyOf(program, paths.resolve(cwd, sphinxSource(args))) : undefined;
}

const applicationServer = /^(?:uvicorn|gunicorn|hypercorn|daphne|granian)$/u;

/** Returns the key of an application of Python by its module, whatever serves it. */
function applicationKey(program: string, args: readonly string[], cwd: string): string | undefined {
  const app = subjectOf(program, args).find((arg) => /^[A-Za-z_][\w.]*(?::\w+)?(?:\(\))?$/u.test(arg));
  return app === undefined ? undefined : keyOf(`app ${app.replace(/:(?:app|application)$/u, '')}`, cwd);
}

/** Tools that serve the pages of a folder, which is their own one unless an argument names it. */
const pageTool = /^(?:vite|vitepress|vuepress|nuxt|nuxi|next|docusaurus)$/u;

/** A line that may run such a tool for another folder. */
const pageToolInFolder =
  /\b(?:vite|vitepress|vuepress|nuxt|nuxi|next|docusaurus)(?: (?:dev|serve|start))? \w/u;

/** Commands by which a tool serves pages for development; the others are said by their names. */
const devCommand = /^(?:(?:vite|vitepress|vuepress|nuxt|nuxi|next) dev|vite serve|docusaurus start)$/u;

/** Returns the key of a tool that serves pages for development: `vite` and `vite dev web` in the folder above are one. */
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

/** Returns the key of a task of Gradle: `:server:bootRun` is `bootRun` in the folder `server`. */
function gradleKey(args: readonly string[], cwd: string, paths: Paths): string | undefined {
  const [task, ...others] = subjectOf('gradle', args);
  if (task === undefined || others.length > 0) return undefined;
  const projects = task.split(':').filter((part) => part !== '');
  const name = projects.pop() ?? task;
  return keyOf(`gradle ${name}`, paths.resolve(cwd, projects.join('/') || '.'));
}

/** Options of Sphinx with a separate value. */
const sphinxValue = /^-[bdcDAjtw]$|^--(?:port|host|watch|ignore|re-ignore|pre-build|post-build|delay)$/u;

/** Returns the folder of the sources of a documentation, which is the same server wherever it is built. */
function sphinxSource(args: readonly string[]): string {
  return args.find((arg, index) => !arg.startsWith('-') && !sphinxValue.test(args[index - 1] ?? '')) ?? '.';
}

/** Returns the key of a package of Go, which is the same from each folder: `go run ./cmd/api` and `go run .` in it. */
function goKey(args: readonly string[], cwd: string, paths: Paths): string {
  const [run = '', name = '.', ...rest] = subjectOf('go', args);
  const isLocal = !/@|^[\w-]+(?:\.[\w-]+)+\//u.test(name);
  return isLocal
    ? keyOf(['go', run, '.', ...rest].join(' '), paths.resolve(cwd, name))
    : keyOf(['go', run, name, ...rest].join(' '), cwd);
}

/** Returns whether a line may run a tool for the folder of another package. */
export function runsInFolder(line: string): boolean {
  return pageToolInFolder.test(line);
}
