import type { FolderFacts, ServerTraits } from '../../files/fileParser.js';
import { joinPath } from '../../files/relativePath.js';
import { splitName } from '../../scripts/nameWords.js';
import { mergedServices, variantFile, type Service } from './composeFiles.js';
import { runsOwnSources } from './supportingImages.js';

/** Maximum number of variants of a file that are read. */
const maxVariants = 10;

/**
 * Returns whether services are built from the sources as they run in production: a Dockerfile or a stage of it says so,
 * and no service is for development.
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

function namesStage({ dockerfile = '', target = '' }: Service, word: RegExp): boolean {
  return [dockerfile, target].some((name) => splitName(name).some((each) => word.test(each)));
}

/** Returns whether another file of the folder builds one of the services from the sources. */
export function isBuiltByVariant(services: readonly Service[], folder: string, facts: FolderFacts): boolean {
  const own = new Set(services.map(({ name }) => name));
  const variants = [...facts.names(folder)].filter((name) => variantFile.test(name)).slice(0, maxVariants);
  // Request all of them, so that they are read at once.
  const texts = variants.map((name) => facts.text(joinPath(folder, name)) ?? '');
  return texts.some((text) =>
    mergedServices([text], folder, facts).some((service) => own.has(service.name) && runsOwnSources(service)),
  );
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
