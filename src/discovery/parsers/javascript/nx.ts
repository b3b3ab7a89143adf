import type { FileParser, Findings, FolderFacts, FoundServer, ServerTraits } from '../../files/fileParser.js';
import { ancestorFolders, baseName, folderOf, joinPath, relativeTo } from '../../files/relativePath.js';
import { CommandClassifier } from '../../scripts/classifyCommand.js';
import { agentFromLockFile } from '../../scripts/packageManager.js';
import { argumentProblem, noFindings, unreadableFile } from '../shared/findings.js';
import { parseJsonFile } from '../shared/json.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';

/** Name suffixes of executors that serve: `@nx/vite:dev-server`, `@angular/build:dev-server`. */
const servingExecutor =
  /:(?:dev-server|dev-server-legacy|server|ssr-dev-server|module-federation-dev-server|module-federation-ssr-dev-server|storybook|serve|start-storybook|file-server|start)$/u;
/** Executors that run a built program. They serve if the target says so. */
const runningExecutor = /:(?:node|run-commands|run-script|command)$/u;

/** Targets that plugins infer from the configuration of a tool, and the option that renames each of them. */
const inferredTargets: readonly {
  /**
   * Tool that the configuration file of a project belongs to: `vite` for `vite.config.ts`, from which `@nx/vite` infers
   * targets.
   */
  readonly tool: string;
  readonly targets: readonly (readonly [option: string, name: string])[];
}[] = [
  {
    tool: 'vite',
    targets: [
      ['devTargetName', 'dev'],
      ['serveTargetName', 'serve'],
    ],
  },
  {
    tool: 'webpack',
    targets: [['serveTargetName', 'serve']],
  },
  {
    tool: 'rspack',
    targets: [['serveTargetName', 'serve']],
  },
  {
    tool: 'rsbuild',
    targets: [['devTargetName', 'dev']],
  },
  {
    tool: 'next',
    targets: [['devTargetName', 'dev']],
  },
  {
    tool: 'nuxt',
    targets: [['serveTargetName', 'serve']],
  },
  {
    tool: 'remix',
    targets: [['devTargetName', 'dev']],
  },
];

const classifier = new CommandClassifier(new Map());

/** Finds the targets of Nx projects that serve: those of `project.json`, and those that plugins infer. */
export const nx: FileParser = {
  source: 'nx',
  patterns: ['project.json', ...inferredTargets.map(({ tool }) => `${tool}.config.{js,ts,mjs,mts,cjs,cts}`)],
  parse({ path, text }, facts): Findings {
    const folder = folderOf(path);
    const root = ancestorFolders(folder).find((ancestor) => facts.names(ancestor).has('nx.json'));
    if (root === undefined) return noFindings;
    if (baseName(path) !== 'project.json') return packageServers(folder, root, facts);
    const read = parseJsonFile(text, facts.l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    const name = ownValue(read.value, 'name') ?? baseName(folder);
    if (typeof name !== 'string' || argumentProblem(name, facts.l10n) !== undefined) return noFindings;
    const listed = definedServers({ name, folder, root }, ownValue(read.value, 'targets'), facts);
    const others = listed.length > 0 ? [] : inferred(folder, root, facts);
    const servers = [...listed, ...others.map((target) => targetServer(name, target, root, facts))];
    return { servers, problems: [] };
  },
};

/** A project of Nx, and the folder of its workspace. */
interface Project {
  readonly name: string;
  readonly folder: string;
  readonly root: string;
}

function definedServers(
  { name, folder, root }: Project,
  targets: unknown,
  facts: FolderFacts,
): FoundServer[] {
  const serving = ownEntries(targets).filter(
    ([target, value]) => /^[\w][\w.:-]*$/u.test(target) && servesTarget(target, value),
  );
  const hasStorybook = serving.some(([target]) => target === 'storybook');
  return serving
    .filter(([target]) => target !== 'static-storybook' || !hasStorybook)
    .map(([target, value]) =>
      targetServer(name, target, root, facts, traitsOfTarget(value, relativeTo(root, folder))),
    );
}

/** Returns what a target runs, if it is known: a line, or the usual source file of a program. */
function traitsOfTarget(target: unknown, projectFolder: string): ServerTraits {
  const runs = lineOfTarget(target, projectFolder);
  if (runs !== undefined) return { runs };
  const executor = ownValue(target, 'executor');
  const isProgram = typeof executor === 'string' && executor.endsWith(':node');
  return isProgram ? { entries: [joinPath(projectFolder, 'src/main.ts')] } : {};
}

/** Returns the only line that a target runs, with its folder. Nx runs it at the top unless the target says otherwise. */
function lineOfTarget(target: unknown, projectFolder: string): string | undefined {
  const options = ownValue(target, 'options');
  const [line, ...others] = linesOf(target);
  const place = ownValue(options, 'cwd') ?? '';
  if (line === undefined || others.length > 0 || typeof place !== 'string') return undefined;
  const folder = place
    .replace(/^\{workspaceRoot\}\/?/u, '')
    .replace('{projectRoot}', projectFolder)
    .replace(/^\.\/|\/$/gu, '');
  return folder === '' ? line : `cd ${folder}\n${line}`;
}

/** Finds the targets that plugins infer for a project without `project.json`, whose `package.json` names it. */
function packageServers(folder: string, root: string, facts: FolderFacts): Findings {
  const beside = facts.names(folder);
  if (beside.has('project.json') || !beside.has('package.json')) return noFindings;
  const read = parseJsonFile(facts.text(joinPath(folder, 'package.json')) ?? '{}', facts.l10n);
  const manifest = 'value' in read ? read.value : {};
  const name = ownValue(ownValue(manifest, 'nx'), 'name') ?? ownValue(manifest, 'name');
  if (typeof name !== 'string' || argumentProblem(name, facts.l10n) !== undefined) return noFindings;
  // A script is a target with the same name.
  const scripts = ownValue(manifest, 'scripts');
  const targets = inferred(folder, root, facts).filter((target) => ownValue(scripts, target) === undefined);
  return { servers: targets.map((target) => targetServer(name, target, root, facts)), problems: [] };
}

function isConfiguration(name: string, tool: string): boolean {
  return name.startsWith(`${tool}.config.`) && /^[cm]?[jt]s$/u.test(name.slice(tool.length + 8));
}

function servesTarget(name: string, target: unknown): boolean {
  const executor =
    ownValue(target, 'executor') ?? (ownValue(target, 'command') === undefined ? '' : 'nx:run-commands');
  if (typeof executor !== 'string') return false;
  if (servingExecutor.test(executor)) return true;
  if (!runningExecutor.test(executor)) return false;
  const lines = linesOf(target);
  if (lines.length === 0) return /^(?:serve|dev|start)\b/u.test(name);
  const classification = classifier.classifyLine(lines.join('\n'));
  return classification === 'server' || (classification !== 'other' && /^(?:serve|dev|start)\b/u.test(name));
}

function linesOf(target: unknown): string[] {
  const options = ownValue(target, 'options');
  return [
    ownValue(target, 'command'),
    ownValue(options, 'command'),
    ...[ownValue(options, 'commands')].flat(),
  ]
    .map((line) => (typeof line === 'string' ? line : ownValue(line, 'command')))
    .filter((line) => typeof line === 'string');
}

function inferred(folder: string, root: string, facts: FolderFacts): string[] {
  const names = [...facts.names(folder)];
  const settings = parseJsonFile(facts.text(joinPath(root, 'nx.json')) ?? '{}', facts.l10n);
  const plugins = 'value' in settings ? ownValue(settings.value, 'plugins') : [];
  return (Array.isArray(plugins) ? plugins : []).flatMap((entry: unknown) => {
    const plugin = typeof entry === 'string' ? entry : ownValue(entry, 'plugin');
    const rule = inferredTargets.find(
      ({ tool }) => plugin === `@nx/${tool}` || plugin === `@nx/${tool}/plugin`,
    );
    if (!rule || !names.some((name) => isConfiguration(name, rule.tool))) return [];
    const options = ownValue(entry, 'options');
    const [first] = rule.targets.flatMap(([option, name]) => {
      const renamed = options === undefined ? name : ownValue(options, option);
      return typeof renamed === 'string' ? renamed : [];
    });
    return first ?? rule.targets[0]?.[1] ?? [];
  });
}

/** The words before a program of the project, by package manager. */
const localRunners: ReadonlyMap<string, readonly string[]> = new Map([
  ['npm', ['npx']],
  ['pnpm', ['pnpm', 'exec']],
  ['yarn', ['yarn']],
  ['bun', ['bunx']],
]);

function targetServer(
  project: string,
  target: string,
  root: string,
  facts: FolderFacts,
  traits?: ServerTraits,
): FoundServer {
  const agent = agentFromLockFile(facts.names(root)) ?? 'npm';
  const [manager = ''] = agent.split('@');
  const [file = 'npx', ...args] = localRunners.get(manager) ?? [];
  return {
    name: `nx ${target} ${project}`,
    command: { kind: 'argv', file, args: [...args, 'nx', 'run', `${project}:${target}`] },
    directory: root,
    ...(traits !== undefined && { traits }),
  };
}
