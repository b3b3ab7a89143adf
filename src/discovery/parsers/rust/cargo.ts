import { parse } from 'smol-toml';
import type { FileParser, Findings, FolderFacts, FoundServer } from '../../files/fileParser.js';
import { shortJson } from '../../files/shortJson.js';
import { argumentProblem, maxFindingsPerFile, noFindings, singleServer, unreadableFile } from '../shared/findings.js';
import { ownEntries, ownValue } from '../shared/ownValues.js';
import { sizeProblem } from '../shared/sourceText.js';
import type { ReadResult } from '../shared/json.js';
import { folderOf, joinPath } from '../../files/relativePath.js';
import type { Translator } from '../../../core/common.js';

/** Crates of programs that answer requests. */
const serverCrates: ReadonlySet<string> = new Set(
  [
    'actix-web axum axum-server dropshot gotham hyper-server iron leptos_axum leptos_actix loco-rs ntex poem poem-openapi',
    'pavex rocket rouille salvo thruster tide tiny_http tower-web trillium viz warp xitca-web',
  ].flatMap((line) => line.split(' ')),
);

/** Crates of programs that run in the browser and are served by a tool. */
const browserCrates: ReadonlySet<string> = new Set(['yew', 'leptos', 'sycamore', 'dioxus', 'seed']);

/** Longest line of a hand-written manifest. */
const maxLineLength = 10_000;

/** Finds the binaries of packages with a web framework, and Rust front ends with the tool that serves them. */
export const cargo: FileParser = {
  source: 'cargo',
  patterns: ['Cargo.toml'],
  parse({ path, text }, facts) {
    const read = readToml(text, facts);
    if ('problem' in read) return unreadableFile(read.problem);
    const folder = folderOf(path);
    const crates = dependencyCrates(read.value);
    // A workspace lists its members, each of which has its own manifest.
    if (ownValue(read.value, 'package') === undefined) return noFindings;
    const tool = frontEndServer(read.value, crates, facts.names(folder));
    if (tool) return singleServer(tool);
    return crates.some((crate) => serverCrates.has(crate))
      ? binaryServers(read.value, folder, facts)
      : noFindings;
  },
};

function readToml(text: string, { l10n }: FolderFacts): ReadResult {
  const problem = sizeProblem(text, l10n) ?? lineProblem(text, l10n);
  if (problem !== undefined) return { problem };
  try {
    return { value: parse(text.replace(/^\uFEFF/u, '')) };
  } catch (error) {
    const [detail = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { problem: l10n.t('It is not valid TOML: {0}', detail.slice(0, 200)) };
  }
}

/** Rejects long lines: the parser takes time quadratic in the number of parts of a key. */
function lineProblem(text: string, l10n: Translator): string | undefined {
  const isLong = text.split('\n').some(({ length }) => length > maxLineLength);
  return isLong ? l10n.t('It has a line of more than {0} characters.', maxLineLength) : undefined;
}

/** Returns the names of the crates that a package depends on; a dependency may have another name in the manifest. */
function dependencyCrates(manifest: unknown): string[] {
  return ownEntries(ownValue(manifest, 'dependencies')).map(([name, value]) => {
    const original = ownValue(value, 'package');
    return typeof original === 'string' ? original : name;
  });
}

/** Returns the tool that builds and serves a front end, if the package is set up for one. */
function frontEndServer(
  manifest: unknown,
  crates: readonly string[],
  beside: ReadonlySet<string>,
): FoundServer | undefined {
  const metadata = ownValue(ownValue(manifest, 'package'), 'metadata');
  if (ownValue(metadata, 'leptos') !== undefined)
    return toolServer('cargo leptos', 'cargo', ['leptos', 'watch']);
  if (beside.has('Dioxus.toml')) return toolServer('dx serve', 'dx', ['serve']);
  const isPage = beside.has('index.html') && crates.some((crate) => browserCrates.has(crate));
  return isPage || beside.has('Trunk.toml') ? toolServer('trunk serve', 'trunk', ['serve']) : undefined;
}

function toolServer(name: string, file: string, args: readonly string[]): FoundServer {
  return { name, command: { kind: 'argv', file, args } };
}

function binaryServers(manifest: unknown, folder: string, facts: FolderFacts): Findings {
  const names = [...binaryNames(manifest, folder, facts)].slice(0, maxFindingsPerFile);
  const candidates = names.map((name) => ({ name, reason: argumentProblem(name, facts.l10n) }));
  const usable = candidates.flatMap(({ name, reason }) => (reason === undefined ? name : []));
  return {
    servers: usable.map((name) =>
      toolServer(name, 'cargo', names.length === 1 ? ['run'] : ['run', '--bin', name]),
    ),
    problems: candidates.flatMap(({ name, reason }) =>
      reason === undefined ? [] : facts.l10n.t('The binary {0} is left out: {1}.', shortJson(name), reason),
    ),
  };
}

/** A binary that the manifest lists. */
interface ListedBinary {
  readonly name: unknown;
  readonly path: unknown;
}

/** Returns the binaries that Cargo finds: the listed ones, `src/main.rs`, and the files in `src/bin`. */
function binaryNames(manifest: unknown, folder: string, facts: FolderFacts): ReadonlySet<string> {
  const listed = ownValue(manifest, 'bin');
  const listedBinaries = (Array.isArray(listed) ? listed : []).map((binary: unknown): ListedBinary => ({
    name: ownValue(binary, 'name'),
    path: ownValue(binary, 'path'),
  }));
  const found = new Set(listedBinaries.flatMap(({ name }) => (typeof name === 'string' ? name : [])));
  if (ownValue(ownValue(manifest, 'package'), 'autobins') === false) return found;
  const main = mainBinary(manifest, listedBinaries, facts.names(joinPath(folder, 'src')));
  if (main !== undefined) found.add(main);
  for (const file of facts.names(joinPath(folder, 'src/bin'))) {
    const isListed = listedBinaries.some(({ path }) => path === `src/bin/${file}`);
    if (!isListed && file.endsWith('.rs')) found.add(file.slice(0, -'.rs'.length));
  }
  return found;
}

/** Returns the name of `src/main.rs`: that of the package, unless the manifest lists another. */
function mainBinary(
  manifest: unknown,
  listedBinaries: readonly ListedBinary[],
  source: ReadonlySet<string>,
): string | undefined {
  const isLibrary = ownValue(manifest, 'lib') !== undefined;
  // If the folder cannot be listed, a package that names no library is a program.
  const isThere = source.size === 0 ? !isLibrary && listedBinaries.length === 0 : source.has('main.rs');
  const name = ownValue(ownValue(manifest, 'package'), 'name');
  const isRenamed = listedBinaries.some(({ path }) => path === 'src/main.rs');
  return isThere && !isRenamed && typeof name === 'string' ? name : undefined;
}
