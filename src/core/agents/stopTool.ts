import type { AgentCaller, AgentToolDeps } from './context.js';
import { omitUndefined, type AgentAnswer } from './answer.js';
import { agreeToStart } from './agreement.js';
import { withPermission } from './authorization.js';
import { serverData } from './serverData.js';
import { conflictAnswerer, startedAnswer, startServer } from './startTool.js';
import type { ServerRecord } from '../registry/snapshot.js';
import { isStoppable } from '../server/stateQueries.js';

/** Stops a server. Asks the user first unless the caller started it. */
export async function stopServer(
  { definition: { id } }: ServerRecord,
  caller: AgentCaller,
  deps: AgentToolDeps,
): Promise<AgentAnswer> {
  const outcome = await withPermission('stop', id, caller, deps, (canStop) =>
    deps.lifecycle.stop(id, canStop),
  );
  const record = deps.registry.find(id);
  const data = { ...(record && serverData(record, deps.clock.tick())), id, outcome: outcome.kind };
  if (outcome.kind !== 'stopped') return { text: `${id} was not running.`, data };
  const busyPorts = outcome.busyPorts.join(', ');
  const remark = busyPorts === '' ? '' : ` Port ${busyPorts} is now in use by another program.`;
  return {
    text: `${id} was stopped; all of its processes have ended.${remark}`,
    data: {
      ...data,
      ...omitUndefined({ busyPorts: outcome.busyPorts.length > 0 ? outcome.busyPorts : undefined }),
    },
  };
}

/** Stops a server with the permission that `stopServer` needs and starts it again; starts a server that does not run. */
export async function restartServer(
  record: ServerRecord,
  caller: AgentCaller,
  waitMs: number,
  deps: AgentToolDeps,
): Promise<AgentAnswer> {
  const { id } = record.definition;
  // A restart executes the current content of the files.
  await agreeToStart(id, caller, deps);
  if (!isStoppable(record.state)) return startServer(record, caller, waitMs, deps);
  const outcome = await withPermission('restart', id, caller, deps, (canStop) =>
    deps.starts.restart(id, {
      startedBy: caller.origin,
      canStop,
      resolveConflict: conflictAnswerer(id, deps),
    }),
  );
  return startedAnswer(id, outcome ?? { kind: 'notRunning' }, caller, waitMs || undefined, deps);
}
