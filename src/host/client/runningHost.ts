import type { Logger } from '../../core/common.js';
import { unbatch, MessageBatcher } from '../ipc/messageBatcher.js';
import { parseHostMessage, type ClientMessage, type HostMessage } from '../ipc/protocol.js';
import type { HostConnection } from './hostConnection.js';

/** A process host to which this window is connected. */
export class RunningHost {
  readonly outbox: MessageBatcher<ClientMessage>;
  /** The variables that were sent last. */
  environment: Readonly<Record<string, string>> | undefined;

  constructor(readonly connection: HostConnection) {
    this.outbox = new MessageBatcher<ClientMessage>((messages) => connection.send(messages));
  }

  /** Closes the connection, upon which the process host ends with its servers. */
  closeForEver(): HostConnection {
    this.outbox.add({ kind: 'hold', holdMs: 0, workspace: [] });
    this.outbox.flush();
    this.connection.close();
    return this.connection;
  }
}

/** Handles each received message; one that cannot be parsed or handled does not keep the others from being handled. */
export function handleMessages(values: unknown, handle: (message: HostMessage) => void, log: Logger): void {
  for (const value of unbatch(values)) {
    try {
      handle(parseHostMessage(value));
    } catch (error) {
      log.error('The process host sent something unexpected', error);
    }
  }
}
