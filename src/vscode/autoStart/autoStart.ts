import { createHash } from 'node:crypto';
import { type Memento } from 'vscode';
import {
  autoStartDecision,
  autoStartQuestion,
  autoStartServers,
  autoStartText,
  type AutoStartConsent,
} from '../../core/autoStart/consent.js';
import { withDependencies } from '../../core/registry/dependencyGraph.js';
import type { StartConsent } from '../../core/consent/startConsent.js';
import type { ServerDefinition } from '../../core/server/definition.js';
import type { Definitions } from '../workspace/definitions.js';
import { startForUser, type UserStartDeps } from '../commands/userStart.js';
import type { TrustedSince } from '../workspace/trust.js';
import type { Logger } from '../../core/common.js';
import { isIdle } from '../../core/server/stateQueries.js';
import { chooseModally, showInformation } from '../display/messages.js';

export interface AutoStartDeps extends Omit<UserStartDeps, 'terminals'> {
  readonly definitions: Pick<Definitions, 'whenScanned' | 'rescan'>;
  /** Stores the answer for this workspace. */
  readonly answers: Memento;
  readonly consent: StartConsent;
  readonly log: Logger;
}

const answerKey = 'autoStart';

/**
 * Starts the servers with `autoStart` once, after the user has consented to the commands that they run. `trusted` tells
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
  if (decision === 'leave' || (decision === 'ask' && !(await askConsent(started, hash, deps)))) return;
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
  const { text, detail } = autoStartQuestion(servers, l10n);
  const offered = [l10n.t('Once'), l10n.t('Always'), l10n.t('Never')];
  const [once, always, never] = offered;
  const details = l10n.t('Show Details');
  let chosen = await showInformation(text, ...offered, details);
  if (chosen === details) chosen = await chooseModally(text, detail, ...offered);
  if (chosen === always) {
    await answers.update(answerKey, { kind: 'agreed', servers: hash } satisfies AutoStartConsent);
  }
  if (chosen === never) await answers.update(answerKey, { kind: 'never' } satisfies AutoStartConsent);
  return chosen === once || chosen === always;
}
