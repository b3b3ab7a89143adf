import type { AgentCaller, AgentPorts } from './context.js';
import { known, type AgentAnswer } from './answer.js';
import { knownServer } from './findServer.js';
import { withLeave } from './authorization.js';
import { serverData } from './serverData.js';
import { orConflict, startedAnswer, startServer } from './startTool.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { isStoppable } from '../server/stateQueries.js';

/** Ends a server, with a person's leave when it is not the caller's own. */
export async function stopServer(id: string, caller: AgentCaller, ports: AgentPorts): Promise<AgentAnswer> {
  const outcome = await withLeave('stop', id, caller, ports, (mayEnd) => ports.lifecycle.stop(id, mayEnd));
  const record = ports.registry.find(id);
  const data = { ...(record && serverData(record, ports.clock.tick())), id, outcome: outcome.kind };
  if (outcome.kind !== 'stopped') return { text: `${id} was not running.`, data };
  const busy = outcome.busyPorts.join(', ');
  const remark = busy === '' ? '' : ` Port ${busy} is held by another program now.`;
  return {
    text: `${id} was stopped; all of its processes have ended.${remark}`,
    data: { ...data, ...known({ busyPorts: outcome.busyPorts.length > 0 ? outcome.busyPorts : undefined }) },
  };
}

/** Ends a server, as `stopServer` does, and starts it again; starts one that does not run. */
export async function restartServer(
  record: ServerRecord,
  caller: AgentCaller,
  waitMs: number,
  ports: AgentPorts,
): Promise<AgentAnswer> {
  const { id } = record.definition;
  if (!isStoppable(record.state)) return startServer(record, caller, waitMs, ports);
  const outcome = await withLeave('restart', id, caller, ports, (mayEnd) =>
    orConflict(knownServer(ports.registry, id).definition, ports, () =>
      ports.lifecycle.restart(id, caller.origin, mayEnd),
    ),
  );
  return startedAnswer(id, outcome, caller, waitMs, ports);
}
