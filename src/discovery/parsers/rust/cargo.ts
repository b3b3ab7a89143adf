import type { FileParser, Findings, FolderFacts, FoundServer, ServerTraits } from '../../files/fileParser.js';
import { shortJson } from '../../files/shortJson.js';
import {
  argumentProblem,
  maxFindingsPerFile,
  noFindings,
  singleServer,
  unreadableFile,
} from '../shared/findings.js';
import { ownEntries, ownValue, scalarText } from '../shared/ownValues.js';
import { parseTomlFile } from '../shared/toml.js';
import { folderOf, joinPath, relativeTo } from '../../files/relativePath.js';
import { splitName } from '../../scripts/nameWords.js';
import {
  binariesOf,
  binaryFeatures,
  defaultFeatures,
  missingFeatures,
  servesInSource,
} from './cargoBinaries.js';
import { documentedSubcommand, servingSubcommand } from './cargoCommands.js';
import {
  hasOnlyProgram,
  isDefaultMember,
  memberFolders,
  workspaceOf,
  type Workspace,
} from './cargoWorkspace.js';

/** Crates that answer requests. */
const serverCrates: ReadonlySet<string> = new Set(
  [
    'actix-web axum axum-server dropshot gotham hyper-server iron leptos_axum leptos_actix loco-rs ntex poem poem-openapi',
    'pavex rocket rouille salvo thruster tide tiny_http tower-web trillium viz warp xitca-web',
  ].flatMap((line) => line.split(' ')),
);

/** Crates for programs with subcommands, one of which may serve. */
const commandLineCrates: ReadonlySet<string> = new Set(
  'argh bpaf clap docopt getopts gumdrop lexopt pico-args structopt xflags'.split(' '),
);

/** Crates for programs that run in the browser, which a tool serves. */
const browserCrates: ReadonlySet<string> = new Set(['yew', 'leptos', 'sycamore', 'dioxus', 'seed']);

/** Finds the binaries of packages with a web framework, and Rust front ends with the tool that serves them. */
export const cargo: FileParser = {
  source: 'cargo',
  patterns: ['Cargo.toml'],
  parse({ path, text }, facts) {
    const read = parseTomlFile(text, facts.l10n);
    if ('problem' in read) return unreadableFile(read.problem);
    const manifest = read.value;
    const folder = folderOf(path);
    const workspaceTool = ownValue(ownValue(ownValue(manifest, 'workspace'), 'metadata'), 'leptos');
    if (workspaceTool !== undefined) return singleServer(leptosServer);
    // A workspace lists its members, each of which has its own manifest.
    if (ownValue(manifest, 'package') === undefined) return noFindings;
    const crates = dependencyCrates(manifest);
    const tool = frontEndServer(manifest, crates, folder, facts);
    if (tool) return singleServer(tool);
    // A program with a window is not a server, even if it serves its own pages.
    if (crates.includes('tauri')) return noFindings;
    const workspace = workspaceOf(folder, facts);
    if (isBuiltByLeptos(manifest, workspace)) return noFindings;
    const isServer = servesItself(crates) || servesByMember(manifest, folder, workspace, facts);
    return isServer || crates.some((crate) => commandLineCrates.has(crate))
      ? binaryServers({ manifest, folder, workspace, isServer }, facts)
      : noFindings;
  },
};

/** Returns whether `cargo leptos` of the workspace builds and runs a package. */
function isBuiltByLeptos(manifest: unknown, workspace: Workspace | undefined): boolean {
  const apps = ownValue(ownValue(ownValue(workspace?.manifest, 'workspace'), 'metadata'), 'leptos');
  const name = ownValue(ownValue(manifest, 'package'), 'name');
  return (Array.isArray(apps) ? apps : []).some((app: unknown) => ownValue(app, 'bin-package') === name);
}

const leptosServer = toolServer('cargo leptos', 'cargo', ['leptos', 'watch']);

function servesItself(crates: readonly string[]): boolean {
  return crates.some((crate) => serverCrates.has(crate));
}

/** Names of packages and binaries that serve with the help of another package. */
const servingNames: ReadonlySet<string> = new Set(
  'server api web http app backend service daemon'.split(' '),
);

function isNamedServer(name: string): boolean {
  return splitName(name).some((word) => servingNames.has(word));
}

/**
 * Returns whether a package depends on a package of the same project that serves. The package must be named for a
 * server, or have a program that Cargo runs by default.
 */
function servesByMember(
  manifest: unknown,
  folder: string,
  workspace: Workspace | undefined,
  facts: FolderFacts,
): boolean {
  const name = ownValue(ownValue(manifest, 'package'), 'name');
  const isNamed = typeof name === 'string' && isNamedServer(name);
  const hasDefault = ownValue(ownValue(manifest, 'package'), 'default-run') !== undefined;
  if (!isNamed && !hasDefault) return false;
  const members = memberFolders(manifest, folder, workspace).map((member) =>
    facts.text(joinPath(member, 'Cargo.toml')),
  );
  return members.some((text) => {
    const read = text === undefined ? undefined : parseTomlFile(text, facts.l10n);
    return read !== undefined && 'value' in read && servesItself(dependencyCrates(read.value));
  });
}

/**
 * Returns the names of the crates that a package depends on by default. The manifest may use another name for a
 * dependency. An optional dependency counts if its feature is a default one, or a binary needs it.
 */
function dependencyCrates(manifest: unknown): string[] {
  const features = new Set([...defaultFeatures(manifest), ...binaryFeatures(manifest)]);
  const needed = new Set(
    ownEntries(ownValue(manifest, 'features'))
      .filter(([name]) => features.has(name))
      .flatMap(([, items]) => (Array.isArray(items) ? items.map(scalarText) : [])),
  );
  return ownEntries(ownValue(manifest, 'dependencies')).flatMap(([name, value]) => {
    const isNeeded = needed.has(name) || needed.has(`dep:${name}`) || features.has(name);
    if (ownValue(value, 'optional') === true && !isNeeded) return [];
    const original = ownValue(value, 'package');
    return typeof original === 'string' ? original : name;
  });
}

/** Returns the tool that builds and serves a front end, if the package is set up for one. */
function frontEndServer(
  manifest: unknown,
  crates: readonly string[],
  folder: string,
  facts: FolderFacts,
): FoundServer | undefined {
  const beside = facts.names(folder);
  const metadata = ownValue(ownValue(manifest, 'package'), 'metadata');
  if (ownValue(metadata, 'leptos') !== undefined) return leptosServer;
  if (beside.has('Dioxus.toml')) return toolServer('dx serve', 'dx', ['serve']);
  const isPage =
    beside.has('index.html') &&
    crates.some((crate) => browserCrates.has(crate)) &&
    !loadsOwnScript(facts.text(joinPath(folder, 'index.html')) ?? '');
  return isPage || beside.has('Trunk.toml') ? toolServer('trunk serve', 'trunk', ['serve']) : undefined;
}

/** Returns whether a page loads the program itself, so that another tool builds it. Trunk adds the script to the page. */
function loadsOwnScript(page: string): boolean {
  return !page.includes('data-trunk') && /<script\b[^>]{0,200}\bsrc=["'](?!https?:|\/\/)/u.test(page);
}

function toolServer(name: string, file: string, args: readonly string[]): FoundServer {
  return { name, command: { kind: 'argv', file, args } };
}

/** A package with programs that may serve. */
interface Package {
  readonly manifest: unknown;
  readonly folder: string;
  readonly workspace: Workspace | undefined;
  /** Whether its programs serve, even without a subcommand that says so. */
  readonly isServer: boolean;
}

/** Runs the binaries from the workspace folder, where programs find their settings. */
function binaryServers({ manifest, folder, workspace, isServer }: Package, facts: FolderFacts): Findings {
  const packageName = ownValue(ownValue(manifest, 'package'), 'name');
  const defaultRun = ownValue(ownValue(manifest, 'package'), 'default-run');
  const binaries = binariesOf(manifest, folder, facts).map(({ name, path, features }) => {
    const subcommand =
      servingSubcommand(joinPath(folder, path), isServer, facts) ??
      documentedSubcommand(
        { name: packageName, binary: name, folder, isDefault: name === defaultRun, isServer },
        workspace?.folder ?? folder,
        facts,
      );
    return { name, path, features, subcommand };
  });
  const serving = binaries.filter(
    ({ path, subcommand }) =>
      subcommand !== undefined || (isServer && servesInSource(facts.text(joinPath(folder, path)))),
  );
  // A program that needs extra features is listed only if it certainly serves.
  const usual = binaries.filter((binary) => binary.features.length === 0 || serving.includes(binary));
  const isCertain = !isServer || (binaries.length > 1 && serving.length > 0);
  const main = isCertain ? undefined : usual.find(({ name }) => name === (defaultRun ?? packageName));
  const likely =
    main === undefined ? usual : usual.filter((each) => each === main || isNamedServer(each.name));
  const shown = (isCertain ? serving : likely).slice(0, maxFindingsPerFile);
  const problems: string[] = [];
  const member = workspace && workspace.folder !== folder ? packageName : undefined;
  const missing = missingFeatures(
    manifest,
    ['build.rs', 'src/main.rs', 'src/lib.rs'].map((name) => facts.text(joinPath(folder, name))),
  );
  const servers = shown.flatMap(({ name, subcommand, features: own }) => {
    const features = [...new Set([...own, ...missing])];
    const reason =
      argumentProblem(name, facts.l10n) ?? argumentProblem(features.join(',') || 'x', facts.l10n);
    if (reason !== undefined) {
      problems.push(facts.l10n.t('The binary {0} was ignored: {1}.', shortJson(name), reason));
      return [];
    }
    const isKnownMember = typeof member === 'string' && argumentProblem(member, facts.l10n) === undefined;
    const args = [
      'run',
      ...(isKnownMember ? packageOption(member, folder, workspace) : []),
      ...(binaries.length === 1 ? [] : ['--bin', name]),
      ...binaryArguments(features, subcommand),
    ];
    const command = { kind: 'argv', file: 'cargo', args } as const;
    if (!isKnownMember || !workspace) return { name, command };
    const traits = binaries.length === 1 ? traitsOfMember(folder, workspace, facts) : {};
    return { name, command, directory: workspace.folder, traits };
  });
  return { servers, problems };
}

/** Returns the traits of the only program of a package of a workspace. */
function traitsOfMember(folder: string, workspace: Workspace, facts: FolderFacts): ServerTraits {
  const packageFolder = relativeTo(workspace.folder, folder);
  return hasOnlyProgram(folder, workspace, facts) ? { packageFolder, runs: 'cargo run' } : { packageFolder };
}

/** Returns the option that selects a package of a workspace. */
function packageOption(name: string, folder: string, workspace: Workspace | undefined): string[] {
  return isDefaultMember(folder, workspace) ? [] : ['-p', name];
}

/** Returns the arguments for the features that a binary needs, and for the subcommand that serves. */
function binaryArguments(features: readonly string[], subcommand: string | undefined): string[] {
  return [
    ...(features.length === 0 ? [] : ['--features', features.join(',')]),
    ...(subcommand === undefined ? [] : ['--', ...subcommand.split(' ')]),
  ];
}
