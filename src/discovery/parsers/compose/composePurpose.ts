import type { Findings, FolderFacts, ServerTraits } from '../../files/fileParser.js';
import { folderOf } from '../../files/relativePath.js';
import { isStoreName } from '../../scripts/stores.js';
import { buildsProduction, isBuiltByVariant } from './builtServices.js';
import { defaultFile, type Service } from './composeFiles.js';
import { isDocumented, isForDevelopers } from './documentedFile.js';
import { runsRelease } from './releasedImages.js';
import { areSupporting, runsOwnSources } from './supportingImages.js';

const developmentVariant = /(?:^|[.-])(?:dev|development|local)(?:$|[.-])/u;

/** Marks the servers of a file that run released images of the project, or only what it needs. */
export function withPurpose(
  findings: Findings,
  services: readonly Service[],
  file: string,
  facts: FolderFacts,
): Findings {
  const isForDevelopment = findings.servers.some(({ traits }) =>
    developmentVariant.test(traits?.variant ?? ''),
  );
  if (buildsProduction(services)) return withTraits(findings, { purpose: 'production' });
  if (!runsRelease(services, folderOf(file), facts)) return asSupport(findings, services, file, facts);
  // Developers start released images only if their own guides say so, and no other file there builds them.
  const isCandidate = folderOf(file) !== '' || file === defaultFile('', facts);
  const isStarted = isCandidate && isForDevelopers(file, facts);
  const isShown = isForDevelopment || (isStarted && !isBuiltByVariant(services, folderOf(file), facts));
  return isShown ? findings : withTraits(findings, { isReleased: true });
}

/** Marks the servers of a file that runs only databases and other programs that the project needs. */
function asSupport(
  findings: Findings,
  services: readonly Service[],
  file: string,
  facts: FolderFacts,
): Findings {
  const builds = services.some(({ isBuilt, hasSources }) => isBuilt || hasSources);
  // `docker-compose.infra.yml`
  const isStoreVariant = !builds && findings.servers.some(({ traits }) => isStoreName(traits?.variant ?? ''));
  // Other images below the top are those of systems that a part of the project talks to.
  const areImages = folderOf(file) !== '' && !services.some(runsOwnSources);
  if (!(isStoreVariant || areImages || areSupporting(services)) || isDocumented(file, facts)) return findings;
  return withTraits(findings, { isSupport: true });
}

export function withTraits(findings: Findings, added: ServerTraits): Findings {
  const servers = findings.servers.map((server) => ({ ...server, traits: { ...server.traits, ...added } }));
  return { ...findings, servers };
}
