import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { ancestorFolders, baseName, folderOf, joinPath, relativeTo } from '../../files/relativePath.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { guideLines } from '../shared/guideLines.js';
import { sourceLines } from '../shared/sourceText.js';
import { buildCommand } from './wrapper.js';

/**
 * Tasks that start a server for development, by the plugin that adds them: its id, or its name in a version catalog.
 */
const tasks: readonly (readonly [plugin: RegExp, task: string])[] = [
  [/\bio\.quarkus["')]|libs\.plugins\.quarkus\b/u, 'quarkusDev'],
  [
    /\bio\.micronaut\.(?:application|minimal\.application)\b|libs\.plugins\.micronaut[\w.]*application/iu,
    'run',
  ],
  [/\bio\.ktor\.plugin\b|libs\.plugins\.ktor\b/u, 'run'],
  [/\borg\.springframework\.boot["')]|libs\.plugins\.spring\.?boot\b|["']spring-boot["']/iu, 'bootRun'],
];

/** Libraries that serve, for projects that the plugin `application` runs. */
const serverLibraries =
  /\bktor-server-|\bio\.javalin|\bhttp4k-server|\bspark-core|\bvertx-web\b|\blibs\.(?:bundles\.)?(?:ktor\.server|javalin|http4k\.server|vertx\.web|helidon|armeria)\b/u;

const tool = { program: 'gradle', wrapper: 'gradlew', windowsWrapper: 'gradlew.bat' } as const;

/** Finds projects with a plugin that runs a server. A part of a larger build is run from its root. */
export const gradle: FileParser = {
  source: 'java',
  patterns: ['build.gradle', 'build.gradle.kts'],
  parse({ path, text }, facts) {
    const lines = sourceLines(text).filter((line) => !/^\s*\/\/|\bapply false\b|apply\(false\)/u.test(line));
    const task = taskOf(lines);
    if (task === undefined) return noFindings;
    const folder = folderOf(path);
    const root = buildRoot(folder, facts);
    // Without a path, Gradle runs the task of the project in the folder, whatever its name is.
    const directory = renamesProject.test(settingsOf(root, facts)) ? folder : root;
    const project = projectPath(folder, directory, facts);
    if (project.some((name) => !/^[\w.-]+$/u.test(name))) return noFindings;
    const name = [...project.map((part) => `:${part}`), project.length > 0 ? ':' : '', task].join('');
    const file = buildCommand(directory, tool, facts);
    const profile = task === 'bootRun' ? documentedProfile([root, folder], facts) : [];
    const command = { kind: 'argv', file, args: [name, ...profile] } as const;
    // A project that both tools can build usually documents Maven.
    const isAlsoMaven =
      facts.text(joinPath(folder, 'pom.xml'))?.includes('spring-boot-maven-plugin') === true;
    const traits = isAlsoMaven && task === 'bootRun' ? { runs: 'mvn spring-boot:run', isGuess: true } : {};
    return singleServer({ name: task, command, directory, port: 8080, traits });
  },
};

/** A task of a guide with the profile of Spring that developers use. */
const withProfile = /\bbootRun --args=(["']?)(--spring\.profiles\.active=([\w,-]{1,100}))\1(?=[\s`]|$)/u;

/** Returns the option for the profile that the guides of a project pass to its program. */
function documentedProfile(folders: readonly string[], facts: FolderFacts): string[] {
  const lines = [...new Set(folders)].flatMap((folder) => guideLines(folder, facts));
  const calls = lines.flatMap((line) => {
    const [, , option, profile = ''] = withProfile.exec(line) ?? [];
    const isOther = /prod|staging|test|(?:^|-)your-/u.test(profile);
    return option === undefined || isOther ? [] : `--args=${option}`;
  });
  return calls.slice(0, 1);
}

function taskOf(lines: readonly string[]): string | undefined {
  const applied = lines.filter(
    (line) => !/^\s*(?:classpath|implementation|api|testImplementation)\b/u.test(line),
  );
  const plugin = tasks.find(([expression]) => applied.some((line) => expression.test(line)))?.[1];
  if (plugin !== undefined) return plugin;
  const isApplication = applied.some((line) =>
    /^\s*(?:application|id\(?\s*["']application["']\)?)\s*$/u.test(line),
  );
  const hasMain = lines.some((line) => /\bmainClass\b/u.test(line));
  const serves = lines.some((line) => serverLibraries.test(line));
  return serves && (isApplication || hasMain) ? 'run' : undefined;
}

/** Returns the folder with the settings of the build that a folder belongs to. */
function buildRoot(folder: string, facts: FolderFacts): string {
  const isRoot = (ancestor: string): boolean => {
    const names = facts.names(ancestor);
    return names.has('settings.gradle') || names.has('settings.gradle.kts');
  };
  const root = ancestorFolders(folder).find(isRoot) ?? folder;
  // A separate build below another one is not included in its settings.
  const isIncluded = root === folder || settingsOf(root, facts).includes(baseName(folder));
  return isIncluded ? root : folder;
}

function settingsOf(root: string, facts: FolderFacts): string {
  return ['settings.gradle', 'settings.gradle.kts']
    .map((name) => facts.text(joinPath(root, name)) ?? '')
    .join('\n');
}

/** A setting that gives projects other names than those of their folders: `it.name = "shop-${it.name}"`. */
const renamesProject = /(?<!\brootProject)\.name\s{0,9}=(?!=)/u;

/** A setting that gives a project another folder than that of its name. */
const projectFolder =
  /^\s{0,99}project\(["'](:[\w:.-]{1,200})["']\)\.projectDir\s{0,9}=[^"'\n]{0,99}["']([\w./-]{1,200})["']/gmu;

/** Returns the names that lead to a project from the root of its build: those of its folders, or of the settings. */
function projectPath(folder: string, root: string, facts: FolderFacts): string[] {
  const path = relativeTo(root, folder);
  const named = [...settingsOf(root, facts).matchAll(projectFolder)].find(
    ([, , own = '']) => own.replace(/^\.\/|\/$/gu, '') === path,
  );
  const parts = named?.[1]?.split(':') ?? path.split('/');
  return parts.filter((part) => part !== '');
}
