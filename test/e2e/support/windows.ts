import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { formatProcesses } from '../../../scripts/lib/processes.mjs';
import { copyWorkspace } from '../../../scripts/lib/workspace.mjs';
import { repoRoot } from '../../../scripts/lib/paths.mjs';
import { ensureVsCode } from '../../../scripts/vscode/install.mjs';
import { startServer, type ServerOptions, type VsCodeServer } from '../../../scripts/vscode/server.mjs';
import { writeSettings } from '../../../scripts/vscode/userSettings.mjs';
import { currentVersion } from '../../../scripts/vscode/versions.mjs';
import {
  openBrowser,
  workbenchAddress,
  type Workbench as Browser,
} from '../../../scripts/vscode/workbench.mjs';
import { until } from '../../support/processes.js';
import { Workbench } from './workbench.js';

export interface WindowOptions {
  /** Changes the copy of `examples/workspace` before it is opened. */
  readonly prepare?: (workspace: string) => void | Promise<void>;
  /** Path below the copy to open, such as a `.code-workspace` file; the whole copy by default. */
  readonly open?: string;
  /** User settings. */
  readonly settings?: Record<string, unknown>;
  /** Starts another VS Code for this window, with these options. */
  readonly ownEditor?: Pick<ServerOptions, 'askForTrust' | 'vsix'>;
}

interface Editor {
  readonly server: VsCodeServer;
  readonly browser: Browser;
}

/**
 * Opens the windows of one worker, one after the other. They share a VS Code server and a browser, whose caches let
 * every window after the first open at less than half the cost. Each window has its own extension host and its own copy
 * of the workspace.
 */
export class Windows {
  private shared: Editor | undefined;
  private readonly own = new Map<VsCodeServer, Editor>();

  /** Opens a copy of the workspace in a new window. */
  async open({ prepare, open = '', settings, ownEditor }: WindowOptions = {}): Promise<Workbench> {
    const copy = await copyWorkspace();
    await prepare?.(copy.path);
    const { server, browser } = ownEditor ? await this.startOwn(ownEditor) : await this.sharedEditor();
    // The end of a test must not wait for the next window.
    writeSettings(server.userData, { 'devServers.onWindowClose': 'stop', ...settings });
    const workbench = new Workbench(await browser.context.newPage(), server, copy);
    await workbench.open(workbenchAddress({ serverUrl: server.url, workspace: join(copy.path, open) }));
    return workbench;
  }

  /** Closes a window, and others on its workspace. Fails if a process that it started outlives it. */
  async close({ server, copy }: Workbench): Promise<void> {
    const own = this.own.get(server);
    if (own) await end(own);
    else if (this.shared) await closePages(this.shared);
    await copy.remove();
  }

  /** Ends the shared VS Code. */
  async end(): Promise<void> {
    if (this.shared) await end(this.shared);
  }

  private async sharedEditor(): Promise<Editor> {
    this.shared ??= await startEditor();
    return this.shared;
  }

  private async startOwn(options: ServerOptionsOfWindow): Promise<Editor> {
    const editor = await startEditor(options);
    this.own.set(editor.server, editor);
    return editor;
  }
}

type ServerOptionsOfWindow = NonNullable<WindowOptions['ownEditor']>;

async function startEditor(options: ServerOptionsOfWindow = {}): Promise<Editor> {
  const install = await ensureVsCode(currentVersion);
  const extension = options.vsix === undefined ? { extension: repoRoot } : {};
  const server = await startServer({ install, forTests: true, ...extension, ...options });
  const browser = await openBrowser();
  // VS Code asks before a window closes that has something to save.
  browser.context.on('dialog', (dialog) => void dialog.accept());
  return { server, browser };
}

async function end({ browser, server }: Editor): Promise<void> {
  await browser.close();
  assert.deepEqual(await server.stop(), []);
}

/** Closes all windows of a VS Code, and waits until nothing is left of them. */
async function closePages({ browser, server }: Editor): Promise<void> {
  // The browser ends with its last page, so its first one stays.
  const windows = browser.context.pages().filter((page) => page !== browser.page);
  await Promise.all(windows.map(closePage));
  await until('the end of the window', () => server.windowProcesses().length === 0).catch((error: Error) => {
    throw new Error(`${error.message}\n${formatProcesses(server.windowProcesses())}`);
  });
}

async function closePage(page: Page): Promise<void> {
  if (page.isClosed()) return;
  await page.close({ runBeforeUnload: true }).catch((error: unknown) => {
    // It may have closed meanwhile.
    if (!page.isClosed()) throw error;
  });
  await until('the closed page', () => page.isClosed());
}
