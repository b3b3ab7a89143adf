import { createHash } from 'node:crypto';
import { type Memento } from 'vscode';
import {
  autoStartDecision,
  autoStartServers,
  autoStartText,
  type AutoStartConsent,
} from '../../core/autoStart/consent.js';
import { exactCommand } from '../../core/agents/prompts.js';
import { withDependencies } from '../../core/registry/dependencyGraph.js';
import type { StartConsent } from '../../core/consent/startConsent.js';
import { serverTitle, type ServerDefinition } from '../../core/server/definition.js';
import type { Definitions } from '../workspace/definitions.js';
import { startForUser, type UserStartDeps } from '../commands/userStart.js';
import type { TrustedSince } from '../workspace/trust.js';
import type { Logger, Translator } from '../../core/common.js';
import { isIdle } from '../../core/server/stateQueries.js';
import { showInformation } from '../display/messages.js';

export interface AutoStartDeps extends Omit<UserStartDeps, 'terminals'> {
  readonly definitions: Pick<Definitions, 'whenScanned' | 'rescan'>;
  /** Stores the answer for this workspace. */
  readonly answers: Memento;
  readonly consent: StartConsent;
  readonly log: Logger;
}

const answerKey = 'autoStart';

/** Largest number of servers that the question lists by name. */
const maxNames = 5;

/**
 * Starts the servers with `autoStart` once, after the user has consented to the commands that they run. `trusted` says
 * when the workspace became trusted.
 */
export async function runAutoStart(trusted: TrustedSince, deps: AutoStartDeps): Promise<void> {
  try {
    await (trusted === 'now' ? deps.definitions.rescan() : deps.definitions.whenScanned());
    await startConsented(deps);
  } catch (error) {
    deps.log.error('The servers that start with the window could not be started', error);
  }
}

async function startConsented(deps: AutoStartDeps): Promise<void> {
  const { registry, answers } = deps;
  const definitions = registry.current.servers.map(({ definition }) => definition);
  const servers = autoStartServers(definitions);
  if (servers.length === 0) return;
  const started = withDependencies(servers, definitions);
  const hash = createHash('sha256').update(autoStartText(started)).digest('hex');
  const decision = autoStartDecision(answers.get(answerKey), hash);
  if (decision === 'leave' || (decision === 'ask' && !(await askConsent(servers, hash, deps)))) return;
  for (const definition of started) deps.consent.give(definition);
  const idle = servers.filter(({ id }) => {
    const record = registry.find(id);
    return record && isIdle(record.state);
  });
  const ids = idle.map(({ id }) => id);
  // Start them as a click does, so that the user is asked about a port in use.
  await startForUser(ids, deps, { startedBy: { kind: 'autoStart' } });
}

async function askConsent(
  servers: readonly ServerDefinition[],
  hash: string,
  { answers, l10n }: AutoStartDeps,
): Promise<boolean> {
  const [once, always, never] = [l10n.t('Once'), l10n.t('Always'), l10n.t('Never')];
  const chosen = await showInformation(question(servers, l10n), once, always, never);
  if (chosen === always) {
    await answers.update(answerKey, { kind: 'agreed', servers: hash } satisfies AutoStartConsent);
  }
  if (chosen === never) await answers.update(answerKey, { kind: 'never' } satisfies AutoStartConsent);
  return chosen === once || chosen === always;
}

function question(servers: readonly ServerDefinition[], l10n: Translator): string {
  const [only, ...others] = servers;
  if (only && others.length === 0) {
    const command = exactCommand(only.command, only.portArgument);
    return l10n.t(
      'Start {0} automatically when this workspace opens? It runs: {1}',
      serverTitle(only),
      command,
    );
  }
  if (servers.length > maxNames) {
    return l10n.t('Start {0} dev servers automatically when this workspace opens?', servers.length);
  }
  const names = servers
    .map((server) =>
      l10n.t('{0} ({1})', serverTitle(server), exactCommand(server.command, server.portArgument)),
    )
    .join(', ');
  return l10n.t('Start these dev servers automatically when this workspace opens? {0}', names);
}
