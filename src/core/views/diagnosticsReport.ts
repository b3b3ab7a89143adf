import type { LockMetrics } from '../registry/lockMetrics.js';
import type { Origin } from '../server/origin.js';
import { commandText } from '../server/definition.js';
import { type ServerState } from '../server/state.js';
import type { ServerRecord, Snapshot } from '../registry/snapshot.js';
import { addressOf, endpointOf, startedBy } from '../server/stateQueries.js';
import { markdownCode, markdownText } from './markdownText.js';

/** Contents of a bug report. Versions and settings are printed as they are, so they must not contain secrets. */
export interface DiagnosticsData {
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly snapshot: Snapshot;
  readonly lock: LockMetrics;
  /** `undefined` while no process host runs. */
  readonly processHostPid: number | undefined;
  /** Entries of the ledgers of this window and others, a line each. */
  readonly ledger: readonly string[];
}

/**
 * Returns the report as Markdown. It is in English, for the maintainers who read it. It contains the names of
 * environment variables only: their values may be secrets. Texts of the workspace are in one line each, without what
 * looks like a secret and never read as Markdown, since reports are published.
 */
export function diagnosticsReport(data: DiagnosticsData): string {
  const { versions, settings, snapshot, lock, processHostPid, ledger } = data;
  return [
    '# Dev Server Registry: diagnostics',
    section('Versions', fields(versions)),
    section('Settings in force', fields(settings)),
    section('Registry', [
      `- version: ${snapshot.version}${snapshot.closed ? ', closed' : ''}`,
      `- servers: ${snapshot.servers.length}`,
      ...snapshot.servers.map(serverLine),
    ]),
    section('Ports', portLines(snapshot)),
    section('Lock of the registry', [
      `- acquisitions: ${lock.acquisitions}, waiting: ${lock.waiting}`,
      `- longest hold: ${lock.maxHoldMs.toFixed(3)} ms, 99 of 100 recent: ${lock.p99HoldMs.toFixed(3)} ms`,
    ]),
    section('Process host', [processHostPid === undefined ? '- not started' : `- pid ${processHostPid}`]),
    section('Ledger', ledger.length === 0 ? ['- empty'] : ledger.map((line) => `- ${markdownText(line)}`)),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return ['', `## ${title}`, '', ...lines].join('\n');
}

function fields(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).map(([name, value]) => `- ${name}: ${markdownText(String(value))}`);
}

function serverLine({ definition, state }: ServerRecord): string {
  const names = Object.keys(definition.env);
  const env = names.length === 0 ? '' : `, env: ${names.map(markdownText).join(', ')} (values hidden)`;
  const port = definition.port === undefined ? '' : `, port: ${definition.port}`;
  return `- ${markdownText(definition.id)}: ${diagnosticState(state)}; ${markdownCode(commandText(definition.command))} in ${markdownText(definition.cwd)}${port}${env}`;
}

/** Returns a line for each address that the UI shows, with the listening process if it is known. */
function portLines({ servers }: Snapshot): string[] {
  const lines = servers.flatMap(({ definition, state }) => {
    const address = addressOf(state);
    const { listener = 'unknown', pid } = endpointOf(state) ?? {};
    const holder = pid === undefined ? `listener ${listener}` : `pid ${pid}`;
    return address === undefined
      ? []
      : [`- ${markdownText(address)}: ${markdownText(definition.id)}, ${holder}`];
  });
  return lines.length === 0 ? ['- none'] : lines;
}

function diagnosticState(state: ServerState): string {
  const pid = 'run' in state ? ` pid ${state.run.process.pid}` : '';
  const address = addressOf(state);
  const parts = [state.kind + pid, address && markdownText(address), diagnosticOrigin(startedBy(state))];
  return parts.filter((part) => part !== undefined).join(' ');
}

function diagnosticOrigin(origin: Origin | undefined): string | undefined {
  if (!origin || origin.kind === 'user') return undefined;
  if (origin.kind === 'restart')
    return [diagnosticOrigin(origin.of), 'restarted automatically'].filter((part) => part).join(', ');
  return origin.kind === 'agent' ? `started by ${markdownText(origin.name)}` : 'started with the window';
}
