import type { ToolName } from '../../core/agents/names.js';
import type { ServerId } from '../../core/server/identity.js';
import { callerLocation, chooseWindows } from '../bridge/chooseWindow.js';
import { WindowClient, type ToolAnswer } from '../bridge/windowClient.js';
import type { WindowRecord } from '../bridge/windowRecords.js';
import { realPath } from '../../host/system/boundedReads.js';

export interface WindowLinkOptions {
  /** Returns the windows to choose from. */
  readonly openWindows: () => Promise<readonly WindowRecord[]>;
  readonly cwd: string;
  /** Window that started this program, if one did. */
  readonly windowId: string | undefined;
  readonly agent: () => string;
  readonly onServersChanged: () => void;
  /** Called when a watched log has grown. */
  readonly onLogGrown: (id: ServerId) => void;
}

/** Connection to the matching window, opened on the first call and again after a reload of the window. */
export class WindowLink {
  #client: Promise<WindowClient> | undefined;
  /** Servers whose logs the client of this program has subscribed to. */
  readonly #watched = new Set<ServerId>();

  constructor(private readonly options: WindowLinkOptions) {}

  /** Calls a tool. Rejects with a `NoWindowError`, or when the window is gone. */
  async call(tool: ToolName, input: unknown, signal?: AbortSignal): Promise<ToolAnswer> {
    return (await this.connect()).call(tool, input, signal);
  }

  /** Begins or ends the notifications of a server's log. Rejects as `connect`. */
  async watchLog(id: ServerId, isWatched: boolean): Promise<void> {
    const client = await this.connect();
    client.watchLog(id, isWatched);
    if (isWatched) this.#watched.add(id);
    else this.#watched.delete(id);
  }

  connect(): Promise<WindowClient> {
    if (this.#client) return this.#client;
    // The end of a connection may be reported when another one has already replaced it.
    const forget = (): void => {
      if (this.#client === client) this.#client = undefined;
    };
    const client = this.#open(forget).catch((error: unknown) => {
      forget();
      throw error;
    });
    this.#client = client;
    return client;
  }

  async #open(forget: () => void): Promise<WindowClient> {
    const { openWindows, cwd, windowId, agent, onServersChanged, onLogGrown } = this.options;
    const windows = await openWindows();
    const location = await callerLocation(await resolvedFolder(cwd), windowId, windows);
    const found = chooseWindows(windows, location);
    const onClosed = (): void => {
      forget();
      onServersChanged();
    };
    const events = { onServersChanged, onLogGrown, onClosed };
    const client = await WindowClient.connect(
      found.windows[0],
      { name: agent(), worktree: found.worktree },
      events,
    );
    // After a reconnect, the window may be another one.
    for (const id of this.#watched) client.watchLog(id, true);
    return client;
  }
}

/**
 * Resolves the links in the path of a folder. Rejects for a folder that was removed, such as a git worktree: the folders
 * above it may belong to another checkout, whose servers run other code.
 */
async function resolvedFolder(folder: string): Promise<string> {
  try {
    return await realPath(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return folder;
    throw new Error(
      `The folder ${folder}, in which this MCP server was started, no longer exists. Ask the user to restart the server in another folder.`,
      { cause: error },
    );
  }
}
