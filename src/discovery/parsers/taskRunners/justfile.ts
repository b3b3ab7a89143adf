import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import type { SystemName } from '../../files/systemName.js';
import { systemsNamed } from '../../files/systemWords.js';
import { sourceLines } from '../shared/sourceText.js';
import { withoutOtherBranches } from './knownBranches.js';
import { targetServers, type Target } from './targets.js';

interface Recipe extends Target {
  readonly isHidden: boolean;
}

/** Finds the recipes of justfiles that serve. */
export const justfile: FileParser = {
  source: 'taskRunners',
  patterns: ['justfile', 'Justfile', '.justfile'],
  parse({ path, text }, facts) {
    const own = recipesOf(joinedLines(text), facts.system);
    const modules = modulesOf(text, folderOf(path), facts).flatMap((module) => moduleRecipes(module, facts));
    return targetServers([...own, ...modules], { program: 'just', folder: folderOf(path) }, facts);
  },
};

/** A module of a justfile. */
interface Module {
  readonly name: string;
  /** Its folder, relative to that of the justfile; the recipes run there. */
  readonly folder: string;
  readonly text: string;
}

/** Maximum number of modules that are read. */
const maxModules = 20;

/** Returns the modules that a justfile declares: `mod web`, or `mod web 'apps/web/justfile'`. */
function modulesOf(text: string, folder: string, facts: FolderFacts): Module[] {
  const declared = [
    ...text.matchAll(/^mod\??[ \t]+([\w-]{1,100})(?:[ \t]+(["'])([\w./-]{1,200})\2)?[ \t]*$/gmu),
  ];
  return declared.slice(0, maxModules).flatMap(([, name = '', , given]) => {
    const paths = given === undefined ? [`${name}.just`] : [given];
    const folders = given === undefined ? [name] : [given];
    const inFolder = ['mod.just', 'justfile', 'Justfile', '.justfile'];
    const candidates = [...paths, ...folders.flatMap((each) => inFolder.map((file) => `${each}/${file}`))];
    const found = candidates
      .map((each) => each.replace(/^\.\//u, ''))
      .find((each) => has(each, folder, facts));
    const content = found === undefined ? undefined : facts.text(joinPath(folder, found));
    return found === undefined || content === undefined
      ? []
      : { name, folder: folderOf(found), text: content };
  });
}

function has(path: string, folder: string, facts: FolderFacts): boolean {
  const at = joinPath(folder, path);
  return /\.just$|justfile$/iu.test(path) && facts.names(folderOf(at)).has(baseName(at));
}

/** Returns the recipes of a module, with the names by which the justfile runs them. */
function moduleRecipes({ name, folder, text }: Module, { system }: FolderFacts): Recipe[] {
  const first = folder === '' ? [] : [`cd ${folder}`];
  return recipesOf(joinedLines(text), system).map((recipe) => {
    const own = recipe.lines.map((line) => line.replace(/^just (?=[\w-]+$)/u, `just ${name}::`));
    return { name: `${name}::${recipe.name}`, isHidden: recipe.isHidden, lines: first.concat(own) };
  });
}

function joinedLines(text: string): readonly string[] {
  return sourceLines(text.replaceAll(/\\\r?\n[\t ]*/gu, ' '));
}

/** Returns the recipes for this system. A recipe that is private or needs arguments cannot be started by its name. */
function recipesOf(lines: readonly string[], system: SystemName): Recipe[] {
  const variables = variablesOf(lines);
  const recipes: (Recipe & { readonly lines: string[] })[] = [];
  let attributes = '';
  let current: string[] | undefined;
  let values = variables;
  for (const line of lines.filter((each) => !/^\s*(?:#|$)/u.test(each))) {
    if (/^\s/u.test(line)) current?.push(filled(line.trim().replace(/^[@-]+/u, ''), values));
    else if (/^\[.*\]\s*$/u.test(line)) attributes += line;
    else {
      const recipe = recipeOf(line, attributes);
      if (recipe && !isForOtherSystem(attributes, system)) recipes.push(recipe);
      values = new Map([...variables, ...defaultsOf(line)]);
      current = recipe?.lines;
      attributes = '';
    }
  }
  // The defaults of parameters decide about the branches that run without arguments.
  return recipes.map((recipe) => Object.assign(recipe, { lines: withoutOtherBranches(recipe.lines) }));
}

/** A value that is the path of a program, perhaps the first one that is installed: `which docker || which podman`. */
const programFound = /^\s*`(?:which|command -v) ([\w.-]{1,100})(?=[`\s])/u;

function variablesOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const assignments = lines.flatMap((line) => {
    const [, name, text = ''] = /^(?:export\s+)?([\w-]+)\s*:=(.*)/u.exec(line) ?? [];
    const value = programFound.exec(text)?.[1] ?? /^["']?([^"']*)["']?$/u.exec(text.trim())?.[1];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return new Map(assignments);
}

/** Returns the recipe that begins with a line. Its lines include the recipes that run before it. */
function recipeOf(line: string, attributes: string): (Recipe & { readonly lines: string[] }) | undefined {
  const header = /^@?([A-Za-z_][\w-]*)(?![\w-])([^:=]*?(?:=[^:]*)?):(?!=)\s*([^#]*)/u.exec(line);
  if (!header) return undefined;
  const [, name = '', parameters = '', dependencies = ''] = header;
  const isHidden = name.startsWith('_') || /\bprivate\b/u.test(attributes) || needsArguments(parameters);
  const before = dependencies.split(/\s+/u).filter((each) => /^[\w-]+$/u.test(each));
  return { name, isHidden, lines: before.map((each) => `just ${each}`) };
}

/** Returns whether attributes such as `[windows]` exclude this system; a recipe may have several. */
function isForOtherSystem(attributes: string, system: SystemName): boolean {
  const systems = attributes.match(/\b(?:windows|unix|linux|macos|openbsd)\b/gu) ?? [];
  return systems.length > 0 && !systems.some((name) => systemsNamed(name).includes(system));
}

/** Returns the defaults of the parameters of a recipe: `run *args="start"`. */
function defaultsOf(line: string): ReadonlyMap<string, string> {
  const parameters = line.matchAll(/[\s$+*]([\w-]{1,100})=(?:"([^"]{0,500})"|'([^']{0,500})')/gu);
  return new Map([...parameters].map(([, name = '', double, single]) => [name, double ?? single ?? '']));
}

/** Returns whether a recipe has a parameter without a default: `port`, but not `port="80"`, `*args` or `+args="x"`. */
function needsArguments(parameters: string): boolean {
  return parameters
    .replaceAll(/["'][^"']*["']/gu, '""')
    .split(/\s+/u)
    .some((parameter) => /^[$+]?[\w-]+$/u.test(parameter));
}

function filled(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\{\{\s*([\w-]+)\s*\}\}/gu,
    (reference, name: string) => variables.get(name) ?? reference,
  );
}
