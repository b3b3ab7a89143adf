import type { FolderFacts } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { withoutElements } from '../shared/xml.js';
import { generalNames } from '../shared/generalNames.js';
import type { Service } from './composeFiles.js';
import { partsOf, withoutTag } from './imageName.js';
import { isSupportingImage, runsOwnSources } from './supportingImages.js';

/** Files at the top of a project that state its name. */
const nameFiles: readonly (readonly [file: string, name: RegExp])[] = [
  ['package.json', /"name"\s{0,9}:\s{0,9}"([^"]{1,200})"/u],
  ['composer.json', /"name"\s{0,9}:\s{0,9}"([^"]{1,200})"/u],
  ['pyproject.toml', /^name\s{0,9}=\s{0,9}["']([^"']{1,200})["']/mu],
  ['setup.py', /\bname\s{0,9}=\s{0,9}["']([^"']{1,200})["']/u],
  ['Cargo.toml', /^name\s{0,9}=\s{0,9}["']([^"']{1,200})["']/mu],
  ['go.mod', /^module\s{1,9}(\S{1,200})/mu],
  ['mix.exs', /\bapp:\s{0,9}:(\w{1,100})/u],
  ['pom.xml', /<artifactId>\s{0,9}([\w.-]{1,200})/u],
  ['settings.gradle', /rootProject\.name\s{0,9}=\s{0,9}["']([^"']{1,200})/u],
  ['settings.gradle.kts', /rootProject\.name\s{0,9}=\s{0,9}["']([^"']{1,200})/u],
];

/** Variable with which Docker Desktop passes the image of an extension. */
const extensionImage = '${DESKTOP_PLUGIN_IMAGE}';

/** First word of the title of the guide, for a project that no manifest names. */
const titleWord = /^\s{0,99}#\s{1,9}(?:<[^>]{1,200}>\s{0,9})?([\p{L}\d][\w-]{2,50})/u;

/**
 * Returns whether services run released images instead of the sources of the project: an image has the name of the
 * project, or several have the names of its parts, and no service builds or mounts the sources.
 */
export function runsRelease(services: readonly Service[], folder: string, facts: FolderFacts): boolean {
  const given = services.flatMap(({ image }) => image ?? []);
  const images = given.some((image) => image.includes('$')) ? withVariables(given, folder, facts) : given;
  if (images.some((image) => image.includes(extensionImage))) return true;
  if (images.length === 0 || services.some(runsOwnSources)) return false;
  const names = projectNames(facts);
  return (
    runsParts(images, facts) ||
    runsNamedParts(images, names) ||
    images.some((image) => imageNames(image).some((name) => names.has(name))) ||
    images.some((image) => isNamedByFolder(image, facts) || isOfOrganisation(image, names))
  );
}

/** Shortest name of a project that is looked for at the start of other names. */
const minNameLength = 5;

/**
 * Returns whether an image has the name of the workspace folder, which in a clone is that of the project, or a name that
 * begins with it: `gardener` for `garden`. Without an owner, it may have been built from the sources.
 */
function isNamedByFolder(image: string, { folderName }: FolderFacts): boolean {
  const names = imageNames(image);
  const own = names.at(-1) ?? '';
  if (names.length === 1 || isSupportingImage(image)) return false;
  return [...plainNames([folderName])].some(
    (name) => own === name || (name.length >= minNameLength && own.startsWith(name)),
  );
}

/** Returns whether the owner of an image has a name that begins with that of the project: `gardennext` for `garden`. */
function isOfOrganisation(image: string, names: ReadonlySet<string>): boolean {
  const owners = imageNames(image).slice(0, -1);
  const begins = (name: string): boolean =>
    name.length >= minNameLength && owners.some((owner) => owner.startsWith(name));
  return !isSupportingImage(image) && [...names].some(begins);
}

/** Returns whether images have the names of parts of the project, such as `shop-admin` and `shop-search`. */
function runsParts(images: readonly string[], facts: FolderFacts): boolean {
  const folders = [...facts.names('')].filter((name) => /^[a-z]\w*-/u.test(name));
  const run = folders.filter((folder) =>
    images.some((image) => imageNames(image).at(-1) === plainName(folder)),
  );
  return run.some((folder) =>
    run.some((other) => other !== folder && firstWord(other) === firstWord(folder)),
  );
}

/** Returns whether several images have names that begin with that of the project: `shop-admin` and `shop-search`. */
function runsNamedParts(images: readonly string[], names: ReadonlySet<string>): boolean {
  const parts = images.filter((image) => {
    const own = withoutTag(partsOf(image).at(-1) ?? '').toLowerCase();
    return own.includes('-') && names.has(firstWord(own)) && !isSupportingImage(image);
  });
  return new Set(parts).size > 1;
}

/** Fills in the variables that the file `.env` next to a Compose file sets. */
function withVariables(images: readonly string[], folder: string, facts: FolderFacts): string[] {
  const present = facts.names(folder).has('.env');
  const text = present ? (facts.text(joinPath(folder, '.env')) ?? '') : '';
  const values = new Map(
    [...text.matchAll(/^(\w{1,100})=["']?([\w./:-]{1,200})/gmu)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  return images.map((image) =>
    image.replaceAll(
      /\$\{(\w{1,100})(?::?-[^{}]{0,200})?\}/gu,
      (reference, name: string) => values.get(name) ?? reference,
    ),
  );
}

function firstWord(name: string): string {
  return name.split('-')[0] ?? '';
}

function projectNames(facts: FolderFacts): ReadonlySet<string> {
  const present = facts.names('');
  const found = nameFiles.flatMap(([file, pattern]) => {
    const text = present.has(file) ? facts.text(file) : undefined;
    const own = file === 'pom.xml' ? withoutElements(text ?? '', 'parent') : text;
    return pattern.exec(own ?? '')?.[1] ?? [];
  });
  // Rails names the project in its settings.
  const rails = present.has('config.ru') ? facts.text('config/application.rb') : undefined;
  const module = /^\s{0,9}module\s{1,9}(\w{1,100})/mu.exec(rails ?? '')?.[1];
  const stated = [...found, ...(module === undefined ? [] : [module])];
  const names = plainNames(stated);
  return names.size === 0 ? plainNames(titleOf(facts)) : names;
}

/** Returns the last parts of names, without those that say nothing about a project. */
function plainNames(stated: readonly string[]): ReadonlySet<string> {
  const names = stated.map((name) => {
    const parts = name
      .replace(/\/v\d+$/u, '')
      .split('/')
      .map(withoutDomain);
    const own = plainName(parts.at(-1)?.replace(/-(?:parent|root|aggregator|app|monorepo)$/u, '') ?? '');
    // The scope is the name of the project in `@shop/server`.
    return parts.length === 2 && generalNames.has(own) ? plainName(parts[0] ?? '') : own;
  });
  return new Set(names.filter((name) => name.length > 2 && !generalNames.has(name)));
}

/** Returns the name in the address of a project: `shop` for `shop.io`. */
function withoutDomain(name: string): string {
  return name.replace(/\.(?:app|com|dev|io|net|org)$/u, '');
}

/** Returns the first word of the guide at the top, unless it is the name of a known image: `# Redis playground`. */
function titleOf(facts: FolderFacts): string[] {
  const text = facts.names('').has('README.md') ? facts.text('README.md') : undefined;
  const word = titleWord.exec(text ?? '')?.[1];
  return word === undefined || isSupportingImage(word) ? [] : [word];
}

/** Returns the owner and the name in the reference of an image, without registry, tag and digest. */
function imageNames(image: string): string[] {
  const parts = partsOf(image.replaceAll(/\$\{\w{1,100}:?-([^{}]{0,200})\}/gu, '$1'));
  const own = parts.length > 1 && /[.:]|^localhost$/u.test(parts[0] ?? '') ? parts.slice(1) : parts;
  const name = own.at(-1) ?? '';
  const owners = own.slice(0, -1).map(plainName);
  // The organisation of a project often has the name of the project with a suffix.
  return [...owners, ...owners.map((owner) => owner.replace(ownerSuffix, '')), plainName(withoutTag(name))];
}

const ownerSuffix = /(?:org|io|app|hq|dev|inc|labs|team|project)$/u;

function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/gu, '');
}
