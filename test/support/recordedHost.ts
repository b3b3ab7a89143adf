import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessEvent, StartRequest } from '../../src/core/lifecycle/processHost.js';
import { readyRule } from '../../src/core/readiness/readyRule.js';
import type { RunId } from '../../src/core/server/state.js';
import { HostClient, type HostClientOptions } from '../../src/host/client/hostClient.js';
import { until } from './processes.js';

/** Folder of servers that need none of their own, without files for which the shell of the user would be asked. */
export const serverFolder = tmpdir();

export interface RecordedHostOptions extends Pick<HostClientOptions, 'hold' | 'maxAnswerMs'> {
  /** Bundle of the process host. */
  readonly hostPath: string;
  readonly editorFolder?: string;
  /** Created if missing, as the next one. */
  readonly ledgerFolder?: string | undefined;
  readonly logFolder?: string | undefined;
  readonly logBytes?: number | undefined;
}

interface RecordedOutput {
  readonly text: () => string;
  /** Waits until the output contains this text so many times, once by default. */
  until(part: string, times?: number): Promise<void>;
}

/** A real process host whose events are recorded. A class for each system checks at its end that nothing of it is left. */
export class RecordedHost {
  readonly events: ProcessEvent[] = [];
  readonly log: string[] = [];
  /** Whether the process host responds, after each change. */
  readonly responses: boolean[] = [];
  readonly runs: RunId[] = [];
  readonly ledgerFolder: string;
  readonly logFolder: string;
  readonly client: HostClient;

  constructor(options: RecordedHostOptions) {
    const { hostPath, editorFolder, ledgerFolder, logFolder, logBytes = 1024 * 1024, hold } = options;
    const { maxAnswerMs } = options;
    this.ledgerFolder = ledgerFolder ?? mkdtempSync(join(tmpdir(), 'dev-servers-ledger-'));
    this.logFolder = logFolder ?? mkdtempSync(join(tmpdir(), 'dev-servers-logs-'));
    this.client = new HostClient({
      hostPath,
      ...(editorFolder !== undefined && { editorFolder }),
      ...(hold && { hold }),
      ...(maxAnswerMs !== undefined && { maxAnswerMs }),
      ledgerFolder: this.ledgerFolder,
      logs: { folder: this.logFolder, maxBytes: () => logBytes },
      log: { info: (message) => this.log.push(message), error: (message) => this.log.push(message) },
      onResponsive: (isResponsive) => this.responses.push(isResponsive),
    });
    this.client.onEvent((event) => this.events.push(event));
  }

  /** Starts a command in a run of its own. */
  async start(command: StartRequest['command'], more: Partial<StartRequest> = {}): Promise<RunId> {
    const runId = this.client.newRunId();
    this.runs.push(runId);
    await this.client.start({
      runId,
      serverId: 'test',
      command,
      cwd: serverFolder,
      env: {},
      port: undefined,
      ready: readyRule(undefined, undefined),
      ...more,
    });
    return runId;
  }

  /** Waits for the first event of that kind of the run. Rejects with the end of the run if it comes without one. */
  async event<Kind extends 'spawned' | 'ready' | 'unhealthy' | 'stopGrace' | 'ended'>(
    runId: RunId,
    kind: Kind,
  ): Promise<Extract<ProcessEvent, { kind: Kind }>> {
    const ofRun = (): ProcessEvent[] =>
      this.events.filter((event) => event.kind !== 'hostLost' && event.runId === runId);
    await until(`${kind} of ${runId}`, () => ofRun().some((event) => [kind, 'ended'].includes(event.kind)));
    const found = ofRun().find((event) => event.kind === kind);
    if (!found) throw new Error(`No ${kind} of ${runId} before its end: ${JSON.stringify(ofRun())}`);
    return found as Extract<ProcessEvent, { kind: Kind }>;
  }

  /** Collects all past and future output of the run, as a terminal shows it. */
  watch(runId: RunId): RecordedOutput {
    let text = '';
    this.client.attach(runId, 80, 24, (data) => {
      text += data;
      this.client.acknowledge(runId, data.length);
    });
    return {
      text: () => text,
      until: (part, times = 1) =>
        until(
          () => `${times} times "${part}" in the output of ${runId}: ${text}`,
          () => text.split(part).length > times,
        ),
    };
  }
}
