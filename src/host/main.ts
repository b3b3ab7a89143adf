import { toServerError } from '../core/errors.js';
import { currentPlatform } from './platform/platform.js';
import { parseClientMessage, type HostMessage } from './protocol.js';
import { SharedTable } from './sharedTable.js';
import { orphanGraceMs, Supervisor } from './supervisor.js';

/** The process host: started by the extension, one per window; it ends, with all its servers, when its channel closes. */
function main(): void {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const platform = currentPlatform();
  const supervisor = new Supervisor({ platform, table: new SharedTable(() => platform.list()), env, send });
  const end = once((code: number) => {
    void supervisor.shutdown(orphanGraceMs).finally(() => process.exit(code));
  });

  process.on('message', (value) => {
    try {
      supervisor.handle(parseClientMessage(value));
    } catch (error) {
      refuse(value, error);
    }
  });
  process.on('disconnect', () => end(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
  process.on('uncaughtException', (error) => {
    complain(error);
    end(1);
  });
}

function send(message: HostMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/** Somebody waits for the answer to a request, even to one that cannot be read. */
function refuse(value: unknown, error: unknown): void {
  const { request } = typeof value === 'object' && value !== null && 'request' in value ? value : {};
  const { message, reason } = toServerError(error, 'badRequest');
  if (typeof request === 'number') send({ kind: 'refused', request, reason, message });
  else complain(error);
}

function complain(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

function once(action: (code: number) => void): (code: number) => void {
  let done = false;
  return (code) => {
    if (!done) action(code);
    done = true;
  };
}

main();
