import { posixWord } from '../../core/commandLine/posixWord.js';
import { realPath } from '../../host/system/boundedReads.js';
import { checkoutOf } from '../../mcp/bridge/checkout.js';
import { NoWindowError } from '../../mcp/bridge/chooseWindow.js';
import { CommandError } from '../call/exitCodes.js';
import type { WindowServer } from '../windows/listedServers.js';
import { recordFolders } from '../windows/recordFolders.js';
import { serversIn } from '../windows/serverHosts.js';
import { openWindows, windowsOf } from '../windows/windowSession.js';
import { ok, problem, serverCount, warning, type Finding } from './finding.js';
import { errorMessage } from '../../core/errorMessage.js';

/** Shorter than that of commands: users run the doctor because they already know that something does not respond. */
const timeouts = { welcomeMs: 8000, heartbeatMs: 2500 };

/** The window of a folder, as far as it can be reached. */
export interface WindowCheck {
  readonly findings: readonly Finding[];
  readonly servers: readonly WindowServer[];
}

/** Checks whether a window has the folder open, and whether it answers. */
export async function checkWindow(folder: string): Promise<WindowCheck> {
  if (recordFolders().length === 0) {
    const advice =
      'Install Dev Server Registry in VS Code, or run the servers in a terminal: devservers up. For an editor with another data folder, set DEV_SERVERS_WINDOWS.';
    return {
      findings: [warning('No editor of this user has opened a window with Dev Server Registry.', advice)],
      servers: [],
    };
  }
  try {
    return await checkAnswer(folder);
  } catch (error) {
    if (error instanceof NoWindowError) return { findings: [await noWindow(folder)], servers: [] };
    const reason = errorMessage(error);
    const advice =
      error instanceof CommandError
        ? adviceFor(error.reason)
        : 'Run "Developer: Reload Window" in the editor, or stop "devservers up" and start it again.';
    return {
      findings: [problem(`The servers of this folder cannot be reached: ${reason}`, advice)],
      servers: [],
    };
  }
}

async function checkAnswer(folder: string): Promise<WindowCheck> {
  const found = await windowsOf(folder);
  const { windows } = found;
  const { servers } = await serversIn(found, timeouts);
  const running = servers.filter(({ state }) => state !== 'stopped' && state !== 'crashed').length;
  const pids = windows.map(({ process: { pid } }) => pid);
  const who = pids.length === 1 ? `Process ${pids.join()} has` : `Processes ${pids.join(' and ')} have`;
  const text = `${who} ${folder} open: ${serverCount(servers.length)}, ${running} of them running.`;
  return { findings: [ok(text), ...servers.flatMap(serverFindings)], servers };
}

function serverFindings({ id, state, problem: reason }: WindowServer): readonly Finding[] {
  const word = posixWord(id);
  const why = reason === undefined ? '' : ` ${reason}`;
  if (state === 'crashed')
    return [problem(`${id} has crashed.${why}`, `Read its log: devservers logs ${word}`)];
  if (state === 'unhealthy')
    return [problem(`${id} is running, but is not ready.${why}`, `Read its log: devservers logs ${word}`)];
  if (state === 'stopFailed')
    return [
      problem(
        `${id} could not be stopped: some of its processes are still running.`,
        `Try again: devservers stop ${word}`,
      ),
    ];
  return [];
}

async function noWindow(folder: string): Promise<Finding> {
  const path = await realPath(folder).catch(() => folder);
  const checkout = await checkoutOf(path);
  const open = (await openWindows()).flatMap(({ folders }) => folders.slice(0, 1));
  const others = open.length === 0 ? '' : ` Open folders: ${open.join(', ')}.`;
  if (checkout?.isLinked) {
    const text = `${checkout.root} is a git worktree that no window has open.${others}`;
    return warning(
      text,
      `Open it in the editor, or run its servers in a terminal: devservers up. The servers of another checkout are not used for it.`,
    );
  }
  return warning(
    `No window has ${path} open.${others}`,
    'Open the folder in the editor, or run its servers in a terminal: devservers up',
  );
}

function adviceFor(reason: string): string {
  if (reason === 'untrusted')
    return 'Trust the workspace in the editor: "Workspaces: Manage Workspace Trust".';
  if (reason === 'disabled') return 'Set devServers.agents.enabled to true in the user settings.';
  return 'Read the output channel "Dev Servers" in the editor.';
}
