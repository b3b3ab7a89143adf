import { parse } from 'smol-toml';
import type { FileParser, Findings, FolderFacts, FoundServer } from '../files/fileParser.js';
import {
  entriesOf,
  maxFindingsPerFile,
  member,
  noFindings,
  singleServer,
  quoted,
  sizeProblem,
  unreadable,
  wordProblem,
} from './findings.js';
import type { Read } from './json.js';
import { folderOf, joinPath } from '../files/relativePath.js';
import type { Translator } from '../../core/common.js';

/** Crates that a program has because it answers requests. */
const serverCrates: ReadonlySet<string> = new Set(
  [
    'actix-web axum axum-server dropshot gotham hyper-server iron leptos_axum leptos_actix loco-rs ntex poem poem-openapi',
    'pavex rocket rouille salvo thruster tide tiny_http tower-web trillium viz warp xitca-web',
  ].flatMap((line) => line.split(' ')),
);

/** Crates of programs that run in the browser and are served by a tool. */
const browserCrates: ReadonlySet<string> = new Set(['yew', 'leptos', 'sycamore', 'dioxus', 'seed']);

/** In a manifest that a person wrote. */
const maxLineLength = 10_000;

/** Binaries of packages with a web framework, and front ends in Rust with the tool that serves them. */
export const cargo: FileParser = {
  source: 'cargo',
  patterns: ['Cargo.toml'],
  parse({ path, text }, facts) {
    const read = readToml(text, facts);
    if ('problem' in read) return unreadable(read.problem);
    const folder = folderOf(path);
    const crates = cratesOf(read.value);
    // A workspace lists its members, each of which has a file of its own.
    if (member(read.value, 'package') === undefined) return noFindings;
    const tool = toolCommand(read.value, crates, facts.names(folder));
    if (tool) return singleServer(tool);
    return crates.some((crate) => serverCrates.has(crate)) ? binaries(read.value, folder, facts) : noFindings;
  },
};

function readToml(text: string, { l10n }: FolderFacts): Read {
  const problem = sizeProblem(text, l10n) ?? lineProblem(text, l10n);
  if (problem !== undefined) return { problem };
  try {
    return { value: parse(text.replace(/^\uFEFF/u, '')) };
  } catch (error) {
    const [detail = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { problem: l10n.t('It is not valid TOML: {0}', detail.slice(0, 200)) };
  }
}

/** The parser takes time with the square of the parts that a key has. */
function lineProblem(text: string, l10n: Translator): string | undefined {
  const isLong = text.split('\n').some(({ length }) => length > maxLineLength);
  return isLong ? l10n.t('It has a line of more than {0} characters.', maxLineLength) : undefined;
}

/** Names of the crates it depends on; one may be called otherwise in this package. */
function cratesOf(manifest: unknown): string[] {
  return entriesOf(member(manifest, 'dependencies')).map(([name, value]) => {
    const original = member(value, 'package');
    return typeof original === 'string' ? original : name;
  });
}

/** The tool that builds and serves a front end, where the package is set up for one. */
function toolCommand(
  manifest: unknown,
  crates: readonly string[],
  beside: ReadonlySet<string>,
): FoundServer | undefined {
  const metadata = member(member(manifest, 'package'), 'metadata');
  if (member(metadata, 'leptos') !== undefined) return run('cargo leptos', 'cargo', ['leptos', 'watch']);
  if (beside.has('Dioxus.toml')) return run('dx serve', 'dx', ['serve']);
  const isPage = beside.has('index.html') && crates.some((crate) => browserCrates.has(crate));
  return isPage || beside.has('Trunk.toml') ? run('trunk serve', 'trunk', ['serve']) : undefined;
}

function run(name: string, file: string, args: readonly string[]): FoundServer {
  return { name, command: { kind: 'argv', file, args } };
}

function binaries(manifest: unknown, folder: string, facts: FolderFacts): Findings {
  const names = [...binaryNames(manifest, folder, facts)].slice(0, maxFindingsPerFile);
  const judged = names.map((name) => ({ name, reason: wordProblem(name, facts.l10n) }));
  const good = judged.flatMap(({ name, reason }) => (reason === undefined ? name : []));
  return {
    servers: good.map((name) => run(name, 'cargo', names.length === 1 ? ['run'] : ['run', '--bin', name])),
    problems: judged.flatMap(({ name, reason }) =>
      reason === undefined ? [] : facts.l10n.t('The binary {0} is left out: {1}.', quoted(name), reason),
    ),
  };
}

/** A binary that the manifest writes down. */
interface WrittenBinary {
  readonly name: unknown;
  readonly path: unknown;
}

/** As Cargo finds them: those that are written down, `src/main.rs`, and what is in `src/bin`. */
function binaryNames(manifest: unknown, folder: string, facts: FolderFacts): ReadonlySet<string> {
  const listed = member(manifest, 'bin');
  const written = (Array.isArray(listed) ? listed : []).map((binary: unknown): WrittenBinary => ({
    name: member(binary, 'name'),
    path: member(binary, 'path'),
  }));
  const found = new Set(written.flatMap(({ name }) => (typeof name === 'string' ? name : [])));
  if (member(member(manifest, 'package'), 'autobins') === false) return found;
  const main = mainBinary(manifest, written, facts.names(joinPath(folder, 'src')));
  if (main !== undefined) found.add(main);
  for (const file of facts.names(joinPath(folder, 'src/bin'))) {
    const isWritten = written.some(({ path }) => path === `src/bin/${file}`);
    if (!isWritten && file.endsWith('.rs')) found.add(file.slice(0, -'.rs'.length));
  }
  return found;
}

/** `src/main.rs`, which has the name of the package unless another is written down. */
function mainBinary(
  manifest: unknown,
  written: readonly WrittenBinary[],
  source: ReadonlySet<string>,
): string | undefined {
  const isLibrary = member(manifest, 'lib') !== undefined;
  // Where the folder cannot be looked into, a package that says nothing of a library is a program.
  const isThere = source.size === 0 ? !isLibrary && written.length === 0 : source.has('main.rs');
  const name = member(member(manifest, 'package'), 'name');
  const isRenamed = written.some(({ path }) => path === 'src/main.rs');
  return isThere && !isRenamed && typeof name === 'string' ? name : undefined;
}
