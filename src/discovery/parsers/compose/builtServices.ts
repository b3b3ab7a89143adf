import type { FolderFacts, ServerTraits } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { splitName } from '../../scripts/nameWords.js';
import { mergedServices, variantFile, type Service } from './composeFiles.js';
import { imageName } from './imageName.js';
import { runsOwnSources } from './supportingImages.js';

/** Maximum number of variants of a file that are read. */
const maxVariants = 10;

/**
 * Returns whether services are built from the sources as they run in production: a Dockerfile, a stage or an argument of
 * it, or the name of the image says so, and no service is for development.
 */
export function buildsProduction(services: readonly Service[]): boolean {
  const built = services.filter(({ isBuilt }) => isBuilt);
  return (
    built.some((service) => namesStage(service, productionWord)) &&
    !built.some((service) => service.hasSources || namesStage(service, developmentWord))
  );
}

const productionWord = /^(?:prod|production|release)$/u;

const developmentWord = /^(?:dev|develop|development|local|debug)$/u;

function namesStage(
  { dockerfile = '', target = '', image = '', buildValues }: Service,
  word: RegExp,
): boolean {
  const names = [dockerfile, target, imageName(image), ...buildValues];
  return names.some((name) => splitName(name).some((each) => word.test(each)));
}

/**
 * Returns whether a file for development builds services of the default file with another Dockerfile, so that the
 * default file is for production.
 */
export function isReplacedForDevelopment(
  services: readonly Service[],
  folder: string,
  facts: FolderFacts,
): boolean {
  const built = new Set(services.filter(({ isBuilt }) => isBuilt).map(({ name }) => name));
  if (built.size === 0 || services.some(({ hasSources }) => hasSources)) return false;
  return variantsOf(folder, facts).some((variant) =>
    variant.some(
      (service) =>
        built.has(service.name) &&
        splitName(service.dockerfile ?? '').some((word) => developmentWord.test(word)) &&
        !services.some(({ name, dockerfile }) => name === service.name && dockerfile === service.dockerfile),
    ),
  );
}

/** Returns whether another file of the folder builds one of the services from the sources. */
export function isBuiltByVariant(services: readonly Service[], folder: string, facts: FolderFacts): boolean {
  const own = new Set(services.map(({ name }) => name));
  return variantsOf(folder, facts).some((variant) =>
    variant.some((service) => own.has(service.name) && runsOwnSources(service)),
  );
}

/** Returns the services of each file of a folder that Docker reads only if it is named. */
function variantsOf(folder: string, facts: FolderFacts): (readonly Service[])[] {
  const variants = [...facts.names(folder)].filter((name) => variantFile.test(name)).slice(0, maxVariants);
  // Request all of them, so that they are read at once.
  const texts = variants.map((name) => facts.text(joinPath(folder, name)) ?? '');
  return texts.map((text) => mergedServices([text], folder, facts));
}

/**
 * Returns the folder whose program a service runs. If one service uses the Dockerfile of a folder, the others that are
 * built from that folder run something else.
 */
export function builtFolder(
  { context, dockerfile }: Service,
  services: readonly Service[],
): Pick<ServerTraits, 'builds'> {
  const isOther =
    dockerfile !== undefined &&
    services.some((other) => other.context === context && other.dockerfile === undefined);
  return context === undefined || isOther ? {} : { builds: context };
}
