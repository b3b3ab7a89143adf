import { basename } from 'node:path';
import { conflictView, type ResolveConflict } from '../../core/tcpPorts/portConflict.js';
import { fullTitle, type ServerDefinition } from '../../core/server/definition.js';
import { idSafeName } from '../../core/server/folderNames.js';
import type { ServerId } from '../../core/server/identity.js';
import { isIdle, lastEndOf, plannedRestart } from '../../core/server/stateQueries.js';
import { english } from '../../core/text.js';
import type { CommandCall } from '../call/commandCall.js';
import { CommandError, exitCodes } from '../call/exitCodes.js';
import { report } from '../call/output.js';
import { requireFolder } from '../folder/requireFolder.js';
import { serverNamed } from '../windows/serverNames.js';
import { HeadlessServers } from './headlessServers.js';
import { ProgressView } from './progressView.js';
import { untilAborted } from './untilAborted.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Maximum length of the name that `run` derives from a command; UTF-16 units. */
const maxNameLength = 40;

/** Returns the pid of another `devservers up` that runs a server; `undefined` if a window runs it. */
export type FindTerminal = (
  server: Pick<ServerDefinition, 'id' | 'cwd'>,
  folder: string,
) => Promise<number | undefined>;

/**
 * Runs servers of a folder in this terminal until Ctrl+C, or until none of them is running any more. `findTerminal` is
 * passed in, since this bundle has no client of windows.
 */
export function up(call: CommandCall, findTerminal: FindTerminal): Promise<number> {
  return runHeadless(call, findTerminal, ({ registry }) =>
    chosenServers(
      call,
      registry.current.servers.map(({ definition }) => definition),
    ),
  );
}

/** Runs a command as a server of the folder in this terminal. Resolves with its exit code. */
export function runOwnServer(call: CommandCall, findTerminal: FindTerminal): Promise<number> {
  return runHeadless(call, findTerminal, async ({ registry, definitions }) => {
    const definition = ownDefinition(call, (id) => registry.find(id) !== undefined);
    await definitions.add(definition);
    return [definition.id];
  });
}

async function runHeadless(
  { folder, options, signal, urgentSignal }: CommandCall,
  findTerminal: FindTerminal,
  prepare: (servers: HeadlessServers) => readonly ServerId[] | Promise<readonly ServerId[]>,
): Promise<number> {
  await requireFolder(folder);
  let servers: HeadlessServers;
  try {
    servers = await HeadlessServers.open({ folder, agrees: options.yes === true, signal });
  } catch (error) {
    if (signal.aborted) return exitCodes.ok;
    throw error;
  }
  const { registry, processes, definitions } = servers;
  const view = new ProgressView({
    registry,
    logs: processes.logs,
    missingIn: (definition) => definitions.missingIn(definition),
    isJson: options.json === true,
  });
  let exitCode: number = exitCodes.ok;
  try {
    const ids = await prepare(servers);
    // Servers that wait for others, or for the shell, are stopped like running ones.
    const isStarted = await Promise.race([
      startAll(ids, servers, signal, (each) => findTerminal(each, folder)),
      untilAborted(signal),
    ]);
    await untilEnd(servers, signal);
    if (!signal.aborted) exitCode = isStarted ? exitCodeOfServers(ids, servers) : exitCodes.failed;
  } finally {
    await view.flush();
    const survivors = await servers.end(urgentSignal);
    await view.flush();
    view.dispose();
    if (survivors.length > 0) {
      report(`Still running: ${survivors.map(({ pid, command }) => `${pid} (${command})`).join(', ')}`);
      exitCode = exitCodes.failed;
    }
  }
  return exitCode;
}

/** Returns whether every server has been started, or runs elsewhere. */
async function startAll(
  ids: readonly ServerId[],
  servers: HeadlessServers,
  signal: AbortSignal,
  findTerminal: (server: ServerDefinition) => Promise<number | undefined>,
): Promise<boolean> {
  if (signal.aborted) return false;
  const resolveConflict: ResolveConflict = async ({ definition, conflict }) => {
    if (conflict.kind !== 'runsElsewhere') return { kind: 'proceed' };
    const context = { servers: servers.registry.current.servers, now: Date.now(), l10n: english };
    const { text, url } = conflictView(conflict, context);
    const terminalPid = await findTerminal(definition).catch(() => undefined);
    const fact =
      terminalPid === undefined
        ? text
        : `It is already running in another "devservers up" (PID ${terminalPid})${url === undefined ? '' : ` at ${url}`}.`;
    report(`${definition.id}: ${fact} It was not started.`);
    return { kind: 'giveUp' };
  };
  const results = await servers.starts.startAll(ids, { resolveConflict });
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (!signal.aborted) for (const error of errors) report(errorMessage(error));
  return errors.length === 0;
}

/** Resolves when the user ends it, or when no server runs, waits, or is about to be restarted. */
function untilEnd({ registry }: HeadlessServers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      const isOver = registry.current.servers.every(({ state }) => isIdle(state) && !plannedRestart(state));
      if (!isOver && !signal.aborted) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = registry.onDidChange(check);
    signal.addEventListener('abort', check, { once: true });
    check();
  });
}

/** Returns the exit code of the first server that has failed. */
function exitCodeOfServers(ids: readonly ServerId[], { registry }: HeadlessServers): number {
  const states = ids.flatMap((id) => registry.find(id)?.state ?? []);
  const crashed = states.find(({ kind }) => kind === 'crashed');
  if (!crashed) return exitCodes.ok;
  const exit = lastEndOf(crashed)?.exit;
  return exit?.kind === 'code' && exit.code > 0 ? exit.code : exitCodes.failed;
}

/** Returns the named servers, or else those that start with the window, or else the main ones. */
function chosenServers(
  { names, folder }: CommandCall,
  definitions: readonly ServerDefinition[],
): readonly ServerId[] {
  if (names.length > 0) {
    const servers = definitions.map((definition) => ({
      id: definition.id,
      name: fullTitle(definition),
      folder: definition.cwd,
      ...(definition.isMain !== undefined && { isMain: definition.isMain }),
    }));
    return names.map((name) => serverNamed(name, servers, folder));
  }
  const automatic = definitions.filter(({ autoStart }) => autoStart === true);
  const chosen = automatic.length > 0 ? automatic : definitions.filter(({ isMain }) => isMain === true);
  const all = chosen.length > 0 ? chosen : definitions;
  if (all.length === 0)
    throw new CommandError(
      `The files of ${folder} define no servers.`,
      exitCodes.unknownServer,
      'unknownServer',
    );
  return all.map(({ id }) => id);
}

function ownDefinition(
  { folder, names, options }: CommandCall,
  isKnown: (id: ServerId) => boolean,
): ServerDefinition {
  const [file = '', ...args] = names;
  if (file.trim() === '') throw new CommandError('run: The command is empty.', exitCodes.usage, 'badRequest');
  const name = [options.name ?? '', names.join(' ')].map(nameFrom).find((each) => each !== '') ?? 'command';
  const folderName = idSafeName(basename(folder));
  const base = `${folderName}:${name}`;
  let id = base;
  for (let count = 2; isKnown(id); count += 1) id = `${base} ${count}`;
  return {
    id,
    name,
    folder: folderName,
    subfolder: '',
    command: { kind: 'argv', file, args },
    cwd: folder,
    env: {},
    port: undefined,
    source: 'agent',
  };
}

/** Returns the part of a text that a server can be called by, without characters that have a meaning in ids or shells. */
function nameFrom(text: string): string {
  const name = text.replaceAll(/[^\p{L}\p{M}\p{N}_ .-]+/gu, ' ').trim();
  // The cut may split the last character.
  return name
    .slice(0, maxNameLength)
    .replace(/\p{Surrogate}$/u, '')
    .trim();
}
