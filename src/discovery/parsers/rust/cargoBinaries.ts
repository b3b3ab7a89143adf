import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { ownValue } from '../shared/ownValues.js';
import { sourceLines } from '../shared/sourceText.js';

/** A program of a package. */
export interface Binary {
  readonly name: string;
  /** Its source file, relative to the package. */
  readonly path: string;
  /** Features that it needs in addition to the default ones. */
  readonly features: readonly string[];
}

/** Calls that make a program listen. */
const listens =
  /\baxum::serve|\bHttpServer::new|\bServer::(?:bind|new|builder)|\bTcpListener::bind|\bwarp::serve|#\[(?:rocket::)?launch\]|\brocket::build|#\[shuttle_runtime::main\]|\btiny_http\b|\.launch\(\)|\.listen\(/u;

/** Returns whether a source file makes a program listen. */
export function servesInSource(text: string | undefined): boolean {
  return text !== undefined && sourceLines(text).some((line) => listens.test(line));
}

/** Returns the default features, which are on without being named. */
export function defaultFeatures(manifest: unknown): string[] {
  return textList(ownValue(ownValue(manifest, 'features'), 'default'));
}

/** A check that stops the compiler if a feature is missing, and the start of its message. */
const refusal =
  /#\[cfg\(not\((?<condition>[^\]]{1,1000})\)\)\]\s{0,99}compile_error!(?<message>[^;]{0,1000})/u;

/**
 * Returns a feature that is needed to compile the package, as a list: the one that the message of `compile_error!`
 * names, or else the first of the condition. Empty if nothing is missing.
 */
export function missingFeatures(manifest: unknown, sources: readonly (string | undefined)[]): string[] {
  const features = ownValue(manifest, 'features');
  const on = new Set(defaultFeatures(manifest));
  // Iterating over a set also visits elements that are added meanwhile, each of them once, even if features enable each
  // other.
  for (const each of on) for (const other of textList(ownValue(features, each))) on.add(other);
  return sources.flatMap((text) => refusedWithout(on, features, text)).slice(0, 1);
}

function refusedWithout(on: ReadonlySet<string>, features: unknown, text = ''): string[] {
  const { condition = '', message = '' } = refusal.exec(text)?.groups ?? {};
  const conditions = condition.matchAll(/\bfeature\s{0,9}=\s{0,9}"([\w-]{1,100})"/gu);
  const needed = [...conditions].map(([, name = '']) => name);
  if (needed.some((name) => on.has(name))) return [];
  const named = /--features[ =]([\w-]{1,100})/u.exec(message)?.[1] ?? '';
  return ownValue(features, named) === undefined ? needed.slice(0, 1) : [named];
}

/** Returns the features that the listed binaries need. */
export function binaryFeatures(manifest: unknown): string[] {
  return listedBinaries(manifest).flatMap((binary) => textList(ownValue(binary, 'required-features')));
}

/** Returns the binaries that Cargo finds: those in the manifest, `src/main.rs`, and the files in `src/bin`. */
export function binariesOf(manifest: unknown, folder: string, facts: FolderFacts): Binary[] {
  const defaults = new Set(defaultFeatures(manifest));
  const listed = listedBinaries(manifest).flatMap((binary) => {
    const [name, path] = [ownValue(binary, 'name'), ownValue(binary, 'path')];
    if (typeof name !== 'string') return [];
    const features = textList(ownValue(binary, 'required-features')).filter((each) => !defaults.has(each));
    return { name, path: typeof path === 'string' ? path : `src/bin/${name}.rs`, features };
  });
  const found = [...listed, ...ownBinaries(manifest, folder, listed, facts)];
  return [...new Map(found.map((binary) => [binary.name, binary])).values()];
}

/** Returns the binaries that the manifest does not list. */
function ownBinaries(
  manifest: unknown,
  folder: string,
  listed: readonly Binary[],
  facts: FolderFacts,
): Binary[] {
  if (ownValue(ownValue(manifest, 'package'), 'autobins') === false) return [];
  const source = facts.names(joinPath(folder, 'src'));
  const main = mainBinary(manifest, listed, source);
  const inBin = [...(source.size === 0 || source.has('bin') ? facts.names(joinPath(folder, 'src/bin')) : [])];
  const isListed = (path: string): boolean => listed.some((binary) => binary.path === path);
  const others = inBin.flatMap((entry): Binary[] => {
    const path = entry.endsWith('.rs') ? `src/bin/${entry}` : `src/bin/${entry}/main.rs`;
    const isFolder = !entry.includes('.') && facts.names(joinPath(folder, `src/bin/${entry}`)).has('main.rs');
    if (isListed(path) || !(entry.endsWith('.rs') || isFolder)) return [];
    return [{ name: entry.replace(/\.rs$/u, ''), path, features: [] }];
  });
  return [...(main === undefined ? [] : [{ name: main, path: 'src/main.rs', features: [] }]), ...others];
}

/** Returns the name of the binary of `src/main.rs`: the name of the package, unless the manifest sets another one. */
function mainBinary(
  manifest: unknown,
  listed: readonly Binary[],
  source: ReadonlySet<string>,
): string | undefined {
  const isLibrary = ownValue(manifest, 'lib') !== undefined;
  // If the folder cannot be listed, a package that names no library is a program.
  const hasMain = source.size === 0 ? !isLibrary && listed.length === 0 : source.has('main.rs');
  const name = ownValue(ownValue(manifest, 'package'), 'name');
  const isRenamed = listed.some(({ path }) => path === 'src/main.rs');
  return hasMain && !isRenamed && typeof name === 'string' ? name : undefined;
}

function listedBinaries(manifest: unknown): readonly unknown[] {
  const listed = ownValue(manifest, 'bin');
  return Array.isArray(listed) ? listed : [];
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
