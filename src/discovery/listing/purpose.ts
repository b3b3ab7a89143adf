import type { ServerDefinition } from '../../core/server/definition.js';
import type { Purpose } from '../files/fileParser.js';
import { areInExample } from '../files/exampleFolder.js';
import type { SystemName } from '../files/systemName.js';
import { systemsNamed } from '../files/systemWords.js';
import { splitName } from '../scripts/nameWords.js';

/** Words in names of files, scripts and folders that indicate a purpose. The first purpose that matches wins. */
const purposeWords: readonly (readonly [Purpose, string])[] = [
  [
    'test',
    'test tests testing e2e ci cypress playwright selenium fixture fixtures testdata integration smoke loadtest',
  ],
  ['production', 'prod production staging heroku release deploy deployment'],
  ['preview', 'preview'],
  ['documentation', 'doc docs documentation storybook storybooks website styleguide'],
];

/** Words in names of servers for phones, containers and machines in the web. */
const deviceWords = words('android ios docker devcontainer gitpod codespaces codesandbox stackblitz');

/** Folders whose servers are not part of developing the project itself. */
const testFolders = words(
  'test tests testing testdata fuzz fuzzing cypress playwright __tests__ __fixtures__ fixtures fixture e2e integration spec specs bench benchmark benchmarks loadtest loadtests load-test k6 locust gatling jmeter ci .ci .github .gitlab .circleci .buildkite',
);

/** Words in names of folders that contain tests or benchmarks. */
const testWords = words('test tests tester testing benchmark benchmarks');

/** Words in names of folders whose Compose files only fill or copy a database. */
const dataWords = words('seed seeds seeder');

/** Folders whose Compose files run released images, or change those of another folder. */
const deploymentFolders = words(
  'contrib deploy deployment deployments dist distro distribution hosting infrastructure install ops installer overlays overrides production prod release self-host selfhost self-hosted selfhosted',
);

/** Folders with a leading dot whose containers developers start. */
const developmentFolder = /^\.(?:dev|development|docker|compose|containers?|local)$/u;

/** Words in names of Compose files that run or build images for a release, or put them behind a public address. */
const deploymentVariants = words(
  'traefik caddy letsencrypt ssl tls proxy build ghcr packages pullpreview swarm stack stable unstable',
);

/** Folders of articles, whose Compose files only demonstrate something. */
const articleFolders = words('blog posts articles tutorials docs documentation');

/** Folders with the app for one system, which often only shows the pages of another server. */
const systemFolders = words('android ios linux mac macos osx win win32 windows');

/** Folders whose pages are no site: uploads of users, or parts of an image. */
const folderOfOtherPages = words('docker rootfs scripts storage uploads');

/** Folders whose files are not for development, by source. */
const productionFolders = new Map<ServerDefinition['source'], ReadonlySet<string>>([
  ['compose', deploymentFolders],
  ['static', folderOfOtherPages],
]);

const matchers = purposeWords.map(([purpose, list]) => [purpose, words(list)] as const);

/** Returns the purpose of a server, by its own name, the name of its file, and the folders above them. */
export function purposeOf(definition: ServerDefinition, system: SystemName): Purpose {
  const { file = '', source, subfolder } = definition;
  // These files may be anywhere, so the folder of the server counts.
  const folders =
    source === 'guides' || source === 'launch' ? subfolder.split('/') : file.split('/').slice(0, -1);
  if (source === 'guides' && isGuideOfTests(file)) return 'test';
  const ofFolder = purposeOfFolders(folders, source, system);
  if (ofFolder !== undefined && ofFolder !== 'example') return ofFolder;
  const own = runsAsReleased(definition) ? 'production' : ownPurpose(definition, system);
  return ofFolder === undefined ? own : purposeOfExample(own);
}

/** Returns whether a guide is in a folder of tests: what it names is started for these. */
function isGuideOfTests(file: string): boolean {
  return file
    .split('/')
    .slice(0, -1)
    .some((folder) => splitName(folder).at(-1) === 'tests');
}

/** Returns the purpose of a server in an example. Only servers for development show how a library is used. */
function purposeOfExample(own: Purpose): Purpose {
  if (own === 'development' || own === 'documentation') return 'example';
  return own === 'preview' ? 'production' : own;
}

/**
 * A script that runs a program as in production: with the manager that is the only process of an image, or with the
 * variable that switches development off.
 */
const runsForProduction =
  /^(?:cross-env )?(?:[A-Z]\w*=\S* )*(?:(?:npx )?pm2-runtime|NODE_ENV=production (?:[A-Z]\w*=\S* )*(?:node|deno|bun|tsx))\s/u;

function runsAsReleased({ script }: ServerDefinition): boolean {
  return script !== undefined && runsForProduction.test(script.body);
}

/** Commands that start containers by another name than that of a server: a project of Compose, a task of Invoke. */
const startsDocker = /^(?:docker compose |inv(?:oke)? docker\.)/u;

function ownPurpose({ name, file = '', source }: ServerDefinition, system: SystemName): Purpose {
  const isNamedByFile = source === 'compose' || source === 'procfile';
  const ofFile = isNamedByFile ? purposeOfFile(file, system) : undefined;
  // The name of a whole project of Compose, and that in a guide, is its command.
  const isCommand = source === 'compose' || source === 'guides';
  const ofName = isCommand && startsDocker.test(name) ? name.replaceAll('docker', '') : name;
  return ofFile ?? purposeOfName(splitName(ofName), system) ?? 'development';
}

/** Words in names of files that are copied before they are used. Not for scripts: `start:example` is no copy. */
const sampleWords = words('dist example sample template');

/** Words in names of files for this machine, whatever else the name says: `compose.local-stack.yaml`. */
const localWords = words('dev development local');

function purposeOfFile(file: string, system: SystemName): Purpose | undefined {
  const name = splitName(ownWords(file.split('/').at(-1) ?? ''));
  const isDeployment =
    name.some((word) => deploymentVariants.has(word)) && !name.some((word) => localWords.has(word));
  const isSample = name.some((word) => sampleWords.has(word));
  return purposeOfName(name, system) ?? (isDeployment || isSample ? 'production' : undefined);
}

function purposeOfFolders(
  folders: readonly string[],
  source: ServerDefinition['source'],
  system: SystemName,
): Purpose | undefined {
  if (folders.some((folder) => isForTests(folder, source))) return 'test';
  // Its files describe the machine that the editor or another tool runs on.
  if (folders.some((folder) => isOfTool(folder, source))) return 'otherSystem';
  const released = productionFolders.get(source);
  if (isTemplate(folders) || folders.some((folder) => released?.has(folder))) return 'production';
  // A guide names what developers start, wherever it is.
  if (source !== 'guides' && folders.some((folder) => isOfOtherSystem(folder, system))) return 'otherSystem';
  return isExample(folders, source) ? 'example' : undefined;
}

/** Returns whether a folder contains the app for a system that is not the one of this machine. */
function isOfOtherSystem(folder: string, system: SystemName): boolean {
  return systemFolders.has(folder) && !systemsNamed(folder).includes(system);
}

/** Returns whether a server belongs to a program that shows how a library is used. */
export function isInExample({ file = '', source }: ServerDefinition): boolean {
  return isExample(file.split('/').slice(0, -1), source);
}

function isExample(folders: readonly string[], source: ServerDefinition['source']): boolean {
  const above = source === 'compose' ? folders.slice(0, -1) : [];
  return areInExample(folders) || above.some((each) => articleFolders.has(each));
}

/** Returns whether a folder belongs to a tool, e.g. `.devcontainer` to the editor. */
function isOfTool(folder: string, source: ServerDefinition['source']): boolean {
  const isOfContainers = source === 'compose' && folder.startsWith('.') && !developmentFolder.test(folder);
  return folder === '.devcontainer' || isOfContainers;
}

/** Returns whether one of the folders is a template, which is copied into new projects. */
function isTemplate(folders: readonly string[]): boolean {
  return (
    folders.some((folder) =>
      /(?:^|[_-])templates?$|^template-|^archetype-resources$|^_(?!default$)|^\+/u.test(folder),
    ) || folders.slice(0, -1).some((folder) => folder.startsWith('create-'))
  );
}

/** Returns whether a folder contains tests; a package called `speed-test` may be a program. */
function isForTests(folder: string, source: ServerDefinition['source']): boolean {
  if (testFolders.has(folder) || /[a-z](?:[_.-](?:tests|e2e)|Tests)$|^(?:tests?|e2e)-/u.test(folder))
    return true;
  const name = source === 'scripts' ? [] : splitName(folder);
  return name.some((word) => testWords.has(word) || (source === 'compose' && dataWords.has(word)));
}

/** Returns whether words name other systems only. A name such as `cross-platform:mac:win` covers several. */
function isForOther(name: readonly string[], system: SystemName): boolean {
  const systems = name.flatMap(systemsNamed);
  return systems.length > 0 && !systems.includes(system);
}

function purposeOfName(name: readonly string[], system: SystemName): Purpose | undefined {
  const has = (list: ReadonlySet<string>): boolean => name.some((word) => list.has(word));
  if (isForOther(name, system) || has(deviceWords)) return 'otherSystem';
  const purpose = matchers.find(([, list]) => has(list))?.[0];
  // `dev:staging` is a server for development that uses the staging system.
  return purpose === 'production' && name[0] === 'dev' ? undefined : purpose;
}

/** Returns the part of the name of a file that its author chose. */
function ownWords(file: string): string {
  return file.replace(/^docker-|\.ya?ml$/gu, '');
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
