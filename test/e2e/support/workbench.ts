// Drives a real VS Code in a browser, the way a person does: by what is on the screen.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { repoRoot } from '../../../scripts/lib/paths.mjs';
import type { ProcessInfo } from '../../../scripts/lib/processes.mjs';
import { copyWorkspace } from '../../../scripts/lib/workspace.mjs';
import { ensureVsCode } from '../../../scripts/vscode/install.mjs';
import { startServer, type VsCodeServer } from '../../../scripts/vscode/server.mjs';
import { currentVersion, type VsCodeVersion } from '../../../scripts/vscode/versions.mjs';
import { openBrowser, workbenchAddress } from '../../../scripts/vscode/workbench.mjs';
import { pidsWith, until } from '../../support/processes.js';
import { isChildOf, labelled, quoted } from './selectors.js';

export interface WorkbenchOptions {
  /** The folder whose copy is opened: `examples/workspace` when left out. */
  readonly source?: string;
  /** Changes the copy before it is opened. */
  readonly prepare?: (workspace: string) => void | Promise<void>;
  /** What of the copy is opened, by its path below it: the whole when left out, or a `.code-workspace` file. */
  readonly open?: string;
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** Lets VS Code ask whether the workspace is trusted. */
  readonly askForTrust?: boolean;
  readonly version?: VsCodeVersion;
  /** An extension package to install instead of loading the extension from the repository. */
  readonly vsix?: string;
}

const extensionId = 'dev-server-registry.dev-server-registry';
const containerTitle = 'Dev Servers';
const startLimitMs = 60_000;

/** The editor stores every five seconds when it has nothing else to do, milliseconds. */
const storeLimitMs = 20_000;

/** Starts VS Code on a copy of a workspace and opens it in a browser. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const install = await ensureVsCode(options.version ?? currentVersion);
  const workspace = await copyWorkspace(options.source);
  await options.prepare?.(workspace.path);
  const extension = options.vsix === undefined ? { extension: repoRoot } : {};
  const server = await startServer({ install, ...extension, ...options });
  const browser = await openBrowser();
  const address = workbenchAddress({
    serverUrl: server.url,
    workspace: join(workspace.path, options.open ?? ''),
  });
  const close = async (): Promise<ProcessInfo[]> => {
    await browser.close();
    const survivors = await server.stop();
    await workspace.remove();
    return survivors;
  };
  const workbench = new Workbench(browser.page, server, workspace.path, close);
  await workbench.open(address);
  return workbench;
}

/** One window of VS Code. Locators wait by themselves when they are clicked, read with a wait, or waited for. */
export class Workbench {
  constructor(
    readonly page: Page,
    readonly server: VsCodeServer,
    readonly workspace: string,
    /** Closes the window and ends VS Code; returns the processes that did not end by themselves. */
    readonly close: () => Promise<ProcessInfo[]>,
  ) {}

  get context(): BrowserContext {
    return this.page.context();
  }

  /** The processes of all servers of this VS Code, and of no other that may run on the machine. */
  serverPids(): number[] {
    const marked = new Set(pidsWith('DEV_SERVER_REGISTRY_ID='));
    for (const host of pidsWith('DEV_SERVER_REGISTRY_ID=host-')) marked.delete(host);
    return this.server
      .processes()
      .map(({ pid }) => pid)
      .filter((pid) => marked.has(pid));
  }

  /** Goes to an address and waits until VS Code has opened everything it opens at the start. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.whenRestored();
  }

  /** Opens a second window on the same folder, which closes with the first. */
  async openSecond(): Promise<Workbench> {
    const second = new Workbench(await this.context.newPage(), this.server, this.workspace, this.close);
    await second.open(this.page.url());
    return second;
  }

  /** Crashes the page, of which VS Code hears nothing, and opens the folder in another one. */
  async crashAndOpenAnother(): Promise<Workbench> {
    const another = new Workbench(await this.context.newPage(), this.server, this.workspace, this.close);
    const address = this.page.url();
    const crashed = this.page.waitForEvent('crash');
    // The page answers no more, so neither does this call.
    this.page.goto('chrome://crash').catch(() => undefined);
    await crashed;
    await another.open(address);
    return another;
  }

  /** Reloads the window, as a person does with F5 in the browser. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.whenRestored();
  }

  /** Waits until the browser keeps that text: the editor stores every few seconds, and a reload loses what it has not. */
  async untilStored(text: string): Promise<void> {
    const isStored = async (): Promise<boolean> => {
      const state = await this.page.context().storageState({ indexedDB: true });
      return JSON.stringify(state).replaceAll('\\', '').includes(text);
    };
    await until(`the browser to keep ${text}`, isStored, storeLimitMs);
  }

  private async whenRestored(): Promise<void> {
    // The icon comes with the extension, the last part of the window to be ready for commands.
    await this.activityIcon.waitFor({ timeout: startLimitMs });
  }

  /** Shows the Dev Servers view by its icon in the activity bar. */
  async openDevServers(): Promise<void> {
    // A click on the icon of the view that is open would hide it.
    if ((await this.activityIcon.getAttribute('aria-selected')) !== 'true') await this.activityIcon.click();
    await this.tree.waitFor();
  }

  /** The icon of the view in the activity bar, with its badge. */
  get activityIcon(): Locator {
    return this.page.locator('.activitybar').getByRole('tab', { name: new RegExp(`^${containerTitle}`) });
  }

  /** The tree of the Dev Servers view. */
  get tree(): Locator {
    return this.page.locator('.part.sidebar .pane-body [role="tree"]');
  }

  /** A row by its label; the labels of its parents before it make it unambiguous: `row('apps/api', 'dev')`. */
  row(...path: readonly string[]): Locator {
    const label = path.at(-1) ?? '';
    const parents = path.slice(0, -1).toReversed();
    return this.tree.locator(`xpath=.//*[@role="treeitem"][${labelled(label)}]${isChildOf(parents)}`);
  }

  /** The text beside the label of a row: state, address or reason. */
  rowDescription(...path: readonly string[]): Locator {
    return this.row(...path).locator('.label-description');
  }

  /** Waits until a row shows a text, in its label or beside it. */
  async waitForRow(path: readonly string[], text: string | RegExp, timeout = 15_000): Promise<void> {
    await this.row(...path)
      .filter({ hasText: text })
      .waitFor({ timeout });
  }

  /** The tooltip of a row once it is shown, which is known by a text in it; hides again when the pointer leaves. */
  async hover(path: readonly string[], text: string): Promise<Locator> {
    const tooltip = this.page.locator('.monaco-hover').filter({ hasText: text });
    await until('the tooltip', async () => {
      // In from outside, as a pointer comes: one that rests while a row is drawn anew shows nothing.
      await this.leave();
      await this.row(...path)
        .locator('.label-name')
        .hover();
      await this.page.waitForTimeout(1000);
      return tooltip.isVisible();
    });
    return tooltip;
  }

  /** Moves the pointer where it is over nothing. */
  leave(): Promise<void> {
    return this.page.mouse.move(800, 300);
  }

  /** Waits until a row says that its server is down and nobody asks for more of it. */
  async waitForStopped(path: readonly string[]): Promise<void> {
    const name = path.at(-1) ?? '';
    await this.row(...path)
      .and(this.page.locator(`[aria-label=${quoted(`${name}, stopped`)}]`))
      .waitFor();
  }

  /** Clicks an inline action of a row by its title, as "Start Server". */
  async clickRowAction(path: readonly string[], action: string): Promise<void> {
    const row = this.row(...path);
    await row.hover();
    await row.getByRole('button', { name: action, exact: true }).click();
  }

  /** Opens the context menu of a row and clicks an entry. */
  async clickRowMenu(path: readonly string[], entry: string): Promise<void> {
    await this.row(...path).click({ button: 'right' });
    const item = this.page.getByRole('menuitem', { name: entry, exact: true });
    // A menu ignores the mouse for a moment after it opens, but not the keyboard.
    await item.hover();
    await this.page.keyboard.press('Enter');
    await item.waitFor({ state: 'hidden' });
  }

  /** Clicks an action in the title of the view. */
  async clickViewAction(action: string): Promise<void> {
    const title = this.page.locator('.part.sidebar');
    await title.hover();
    await title.getByRole('button', { name: action, exact: true }).click();
  }

  /** Runs a command through the palette by its full title, as "Dev Servers: Refresh". */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.locator('input').first().fill(`>${title}`);
    await this.pick(title);
  }

  /** The open palette, pick list or input box. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** The entries of the open pick list. */
  get picks(): Locator {
    return this.quickInput.getByRole('option');
  }

  /** Chooses an entry of the open pick list by its label. */
  async pick(label: string): Promise<void> {
    await this.quickInput
      .locator(`xpath=.//*[@role="option"][${labelled(label)}]`)
      .first()
      .click();
  }

  /** An item of the status bar by the id the extension gave it. */
  statusBarItem(id = 'devServers.status'): Locator {
    return this.page.locator(`.statusbar-item[id=${quoted(`${extensionId}.${id}`)}]`);
  }

  /** What an item of the status bar shows, without its icons. */
  async statusBarText(id?: string): Promise<string> {
    return (await this.statusBarItem(id).innerText()).trim();
  }

  /** The notification that holds a text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item').filter({ hasText: text });
  }

  /** The texts of all visible notifications, without waiting for one. */
  notificationTexts(): Promise<string[]> {
    return this.page.locator('.notification-list-item-message').allInnerTexts();
  }

  /** Clicks a button of the notification that holds a text. */
  async clickNotification(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** The screen of the terminal that is shown. */
  get terminal(): Locator {
    return this.page.locator('.part.panel .terminal-wrapper.active .xterm-rows');
  }

  /** Puts the cursor into the terminal that is shown. Its rows lie below a layer that takes the clicks. */
  async focusTerminal(): Promise<void> {
    await this.terminal.click({ force: true });
  }

  /** Saves what is on the screen as `test-results/screenshots/NAME.png`. */
  async screenshot(name: string): Promise<string> {
    const folder = join(repoRoot, 'test-results', 'screenshots');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
    await this.page.screenshot({ path });
    return path;
  }
}
