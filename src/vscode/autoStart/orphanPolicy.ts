import type { Lifecycle } from '../../core/lifecycle/lifecycle.js';
import type { Registry } from '../../core/registry/registry.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import { orphanPolicy } from '../settings.js';
import type { Definitions } from '../workspace/definitions.js';
import type { Logger, Translator } from '../../core/common.js';
import type { Orphan, OrphanFate } from '../../core/server/otherWindows.js';
import { isSameServer, identityOf } from '../../core/server/identity.js';
import { showWarning } from '../display/messages.js';

/** Finds and ends servers of other windows that were killed together with their process hosts. */
interface OrphanKeeper {
  findOrphans(): Promise<Orphan[]>;
  endOrphans(fateOf?: (run: Pick<Orphan, 'runId'>) => OrphanFate): Promise<unknown>;
}

export interface OrphanPolicyDeps {
  readonly keeper: OrphanKeeper;
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly definitions: Definitions;
  readonly l10n: Translator;
  readonly log: Logger;
}

/**
 * Applies `devServers.orphans` to the servers that other windows left running. Except with `stop`, servers of other
 * workspaces are left to windows of those workspaces.
 */
export async function applyOrphanPolicy(deps: OrphanPolicyDeps): Promise<void> {
  const { keeper, log } = deps;
  try {
    const orphans = await keeper.findOrphans();
    const policy = orphanPolicy();
    if (orphans.length === 0 || policy === 'stop') await keeper.endOrphans();
    else await decideFates(orphans, policy, deps);
  } catch (error) {
    log.error('Servers left by other windows could not be handled', error);
  }
}

async function decideFates(
  orphans: readonly Orphan[],
  policy: 'ask' | 'adopt',
  deps: OrphanPolicyDeps,
): Promise<void> {
  const { keeper, registry, definitions } = deps;
  await definitions.whenScanned();
  const known = registry.current.servers.map(({ definition }) => definition);
  const fates = new Map<string, OrphanFate>();
  for (const orphan of orphans) {
    const definition = known.find((each) => isSameServer(each, identityOf(orphan)));
    fates.set(orphan.runId, definition ? await decideFate(definition, orphan, policy, deps) : 'kept');
  }
  await keeper.endOrphans(({ runId }) => fates.get(runId) ?? 'ended');
}

async function decideFate(
  definition: ServerDefinition,
  orphan: Orphan,
  policy: 'ask' | 'adopt',
  { lifecycle, l10n, log }: OrphanPolicyDeps,
): Promise<OrphanFate> {
  const choice = policy === 'ask' ? await askToKeep(definition, orphan, l10n) : 'keep';
  if (choice === 'stop') return 'ended';
  // Without an answer nothing changes: the next window asks again.
  if (choice === undefined) return 'kept';
  const adopted = { ...orphan, serverId: definition.id, folder: definition.folder };
  try {
    const outcome = await lifecycle.adopt(adopted);
    // If the user has started the server again meanwhile, both would compete for the port.
    return outcome.kind === 'started' ? 'given' : 'ended';
  } catch (error) {
    log.error(`${definition.id} could not be adopted`, error);
    return 'kept';
  }
}

/** Returns the answer of the user; `undefined` if the question was closed. */
async function askToKeep(
  definition: ServerDefinition,
  { url }: Orphan,
  l10n: Translator,
): Promise<'keep' | 'stop' | undefined> {
  const title = serverTitle(definition);
  const text =
    url === undefined
      ? l10n.t('{0} is still running from a window that was closed.', title)
      : l10n.t('{0} is still running at {1} from a window that was closed.', title, url);
  const keep = l10n.t('Keep It');
  const stop = l10n.t('Stop It');
  const chosen = await showWarning(text, keep, stop);
  if (chosen === undefined) return undefined;
  return chosen === keep ? 'keep' : 'stop';
}
