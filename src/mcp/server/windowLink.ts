import type { ToolName } from '../../core/agents/names.js';
import { chooseWindow } from '../bridge/chooseWindow.js';
import { WindowClient, type ToolAnswer } from '../bridge/windowClient.js';
import { liveWindows } from '../bridge/windowRecords.js';
import { currentPlatform } from '../../host/platform/currentPlatform.js';

export interface WindowLinkOptions {
  /** Folder of the window records. */
  readonly folder: string;
  readonly cwd: string;
  /** Window that started this program, if one did. */
  readonly windowId: string | undefined;
  readonly agent: () => string;
  readonly onServersChanged: () => void;
}

/** Connection to the matching window, opened on the first call and again after a reload of the window. */
export class WindowLink {
  #client: Promise<WindowClient> | undefined;

  constructor(private readonly options: WindowLinkOptions) {}

  /** Calls a tool. Rejects with a `NoWindowError`, or when the window is gone. */
  async call(tool: ToolName, input: unknown, signal?: AbortSignal): Promise<ToolAnswer> {
    return (await this.connect()).call(tool, input, signal);
  }

  connect(): Promise<WindowClient> {
    this.#client ??= this.#open().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async #open(): Promise<WindowClient> {
    const { folder, cwd, windowId, agent, onServersChanged } = this.options;
    const record = chooseWindow(await liveWindows(folder, currentPlatform()), cwd, windowId);
    const onClosed = (): void => {
      this.#client = undefined;
      onServersChanged();
    };
    return WindowClient.connect(record, agent(), { onServersChanged, onClosed });
  }
}
