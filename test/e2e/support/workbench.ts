// Drives a real VS Code in a browser through its user interface.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { repoRoot } from '../../../scripts/lib/paths.mjs';
import type { WorkspaceCopy } from '../../../scripts/lib/workspace.mjs';
import type { VsCodeServer } from '../../../scripts/vscode/server.mjs';
import { pidsWith, until } from '../../support/processes.js';
import { isServerRow, labelled, quoted } from './selectors.js';

const extensionId = 'dev-server-registry.dev-server-registry';
const containerTitle = 'Dev Servers';

/** Resolves with whether a step of the browser did what it should. */
function succeeds(step: Promise<unknown>): Promise<boolean> {
  return step.then(
    () => true,
    () => false,
  );
}

/** An inline action of a row, by its title. */
interface RowAction {
  readonly path: readonly string[];
  readonly action: string;
}

/** Window of VS Code. Locators wait by themselves when they are clicked, read with a wait, or waited for. */
export class Workbench {
  /** The last click on an action, until its effect is there. */
  #lastAction: RowAction | undefined;

  constructor(
    readonly page: Page,
    readonly server: VsCodeServer,
    readonly copy: WorkspaceCopy,
  ) {}

  /** Path of the folder that is open. */
  get workspace(): string {
    return this.copy.path;
  }

  /** Returns the port of a server of the workspace, which no other window uses. */
  portOf(server: string): number {
    const port = this.copy.ports[server];
    if (port === undefined) throw new Error(`The workspace has no port for ${server}.`);
    return port;
  }

  /** Returns the address of a server of the workspace as its row shows it. */
  addressOf(server: string): string {
    return `:${this.portOf(server)}`;
  }

  /** Returns the URL of a server of the workspace, without the last slash. */
  urlOf(server: string): string {
    return `http://localhost:${this.portOf(server)}`;
  }

  get context(): BrowserContext {
    return this.page.context();
  }

  /** Returns the processes of all servers of this VS Code, and of no other on the machine. */
  serverPids(): number[] {
    const marked = new Set(pidsWith('DEV_SERVER_REGISTRY_ID='));
    for (const host of pidsWith('DEV_SERVER_REGISTRY_ID=host-')) marked.delete(host);
    return this.server
      .processes()
      .map(({ pid }) => pid)
      .filter((pid) => marked.has(pid));
  }

  /** Opens a URL and waits until VS Code has restored the window. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.whenRestored();
  }

  /** Opens a second window on the same folder, which closes with the first. */
  async openSecond(): Promise<Workbench> {
    const second = new Workbench(await this.context.newPage(), this.server, this.copy);
    await second.open(this.page.url());
    return second;
  }

  /** Crashes the page, which VS Code cannot notice, and opens the folder in another page. */
  async crashAndOpenAnother(): Promise<Workbench> {
    const another = new Workbench(await this.context.newPage(), this.server, this.copy);
    const address = this.page.url();
    const crashed = this.page.waitForEvent('crash');
    // The page does not answer any more, so this call never resolves.
    this.page.goto('chrome://crash').catch(() => undefined);
    await crashed;
    await this.page.close();
    await another.open(address);
    return another;
  }

  /** Reloads the window, as F5 in the browser does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.whenRestored();
  }

  /** Waits until the browser has stored the text: the editor stores every few seconds, and a reload loses the rest. */
  async untilStored(text: string): Promise<void> {
    const isStored = async (): Promise<boolean> => {
      const state = await this.page.context().storageState({ indexedDB: true });
      return JSON.stringify(state).replaceAll('\\', '').includes(text);
    };
    await until(`the browser to keep ${text}`, isStored);
  }

  private async whenRestored(): Promise<void> {
    // The icon appears with the extension, the last part of the window to accept commands.
    await this.activityIcon.waitFor();
  }

  /** Shows the Dev Servers view by its icon in the activity bar. */
  async openDevServers(): Promise<void> {
    // A click on the icon of the open view hides it, and a window that is loaded again opens the view by itself.
    const open = this.page.locator('.activitybar [role="tab"][aria-selected="true"]');
    await succeeds(open.first().waitFor({ timeout: 5000 }));
    const selected = open.and(this.activityIcon);
    await until('the view', async () => {
      if (await selected.isVisible()) {
        if (await this.openFolder.isVisible()) await this.#rereadWorkspaceFile();
        // The view says that no folder is open a moment after it is shown; all workspace files of the tests have servers.
        const files = this.#workspaceFiles();
        return files.length === 0
          ? this.tree.isVisible()
          : this.tree.getByRole('treeitem').first().isVisible();
      }
      await this.activityIcon.click();
      await selected.waitFor({ timeout: 5000 }).catch(() => undefined);
      return false;
    });
  }

  /**
   * A window that opens a workspace file before it can reach the files of the server may stay without folders; the editor
   * reads the file again when it changes.
   */
  async #rereadWorkspaceFile(): Promise<void> {
    for (const path of this.#workspaceFiles()) writeFileSync(path, readFileSync(path));
    await this.openFolder.waitFor({ state: 'hidden', timeout: 5000 }).catch(() => undefined);
  }

  #workspaceFiles(): string[] {
    const names = readdirSync(this.workspace).filter((name) => name.endsWith('.code-workspace'));
    return names.map((name) => join(this.workspace, name));
  }

  /** Button of the view in a window without folders. */
  private get openFolder(): Locator {
    return this.page.locator('.part.sidebar').getByRole('button', { name: 'Open Folder', exact: true });
  }

  /** Icon of the view in the activity bar, with its badge. */
  get activityIcon(): Locator {
    return this.page.locator('.activitybar').getByRole('tab', { name: new RegExp(`^${containerTitle}`) });
  }

  /** Tree of the Dev Servers view. */
  get tree(): Locator {
    return this.page.locator('.part.sidebar .pane-body [role="tree"]');
  }

  /** Returns a row by its label; the labels of its parents before it make it unambiguous: `row('apps/api', 'dev')`. */
  row(...path: readonly string[]): Locator {
    const label = path.at(-1) ?? '';
    const parents = path.slice(0, -1).toReversed();
    return this.tree.locator(`xpath=.//*[@role="treeitem"][${isServerRow(label, parents)}]`);
  }

  /** Returns the text beside the label of a row: state, URL or reason. */
  rowDescription(...path: readonly string[]): Locator {
    return this.row(...path).locator('.label-description');
  }

  /** Waits until a row shows a text, in its label or beside it. */
  async waitForRow(path: readonly string[], text: string | RegExp): Promise<void> {
    const row = this.row(...path).filter({ hasText: text });
    await this.#untilEffect(row.waitFor());
  }

  /** Returns the tooltip of a row once it shows a text. It hides when the pointer leaves. */
  hover(path: readonly string[], text: string): Promise<Locator> {
    return this.tooltipOf(this.row(...path).locator('.label-name'), text);
  }

  /** Returns the tooltip of an element once it shows a text. */
  async tooltipOf(element: Locator, text: string): Promise<Locator> {
    const tooltip = this.page.locator('.monaco-hover').filter({ hasText: text });
    let waitMs = 1000;
    await until('the tooltip', async () => {
      // Move in from outside: a pointer that rests while the row is redrawn shows no tooltip.
      await this.leave();
      await element.hover();
      const isShown = await succeeds(tooltip.waitFor({ timeout: waitMs }));
      // A slow machine shows it later.
      waitMs *= 2;
      return isShown;
    });
    return tooltip;
  }

  /** Moves the pointer to an empty area, so that no tooltip of a row covers another row. */
  async leave(): Promise<void> {
    for (const y of [310, 300]) await this.page.mouse.move(800, y);
  }

  /** Moves the pointer to a row. */
  async #point(path: readonly string[]): Promise<void> {
    let waitMs = 5000;
    await until(`the pointer on ${path.join(' › ')}`, () => {
      const isThere = this.#reach(this.row(...path), waitMs);
      waitMs *= 2;
      return isThere;
    });
  }

  /**
   * Moves the pointer to an element, and resolves with whether it is there. The editor may show a tooltip after it has
   * redrawn what the pointer was on; it covers other elements, and hides when the pointer has been on it.
   */
  async #reach(element: Locator, timeout: number): Promise<boolean> {
    await this.leave();
    const isThere = await succeeds(element.hover({ timeout }));
    if (!isThere) await succeeds(this.page.locator('.monaco-hover').last().hover({ timeout: 1000 }));
    return isThere;
  }

  /** Waits until a row shows that its server is stopped and no operation is pending. */
  async waitForStopped(path: readonly string[]): Promise<void> {
    const name = path.at(-1) ?? '';
    const stopped = this.page.locator(`[aria-label$=${quoted(`${name}, stopped`)}]`);
    const row = this.row(...path).and(stopped);
    await this.#untilEffect(row.waitFor());
  }

  /**
   * Moves the pointer to a row and acts on it. Does so again where that fails: a row that is drawn anew or moves away from
   * under the pointer hides its actions.
   */
  async #onRow(path: readonly string[], act: (options: { timeout: number }) => Promise<void>): Promise<void> {
    // Longer than a slow machine takes for a click, which must not happen twice.
    let timeout = 30_000;
    await until(`an action on ${path.join(' › ')}`, async () => {
      await this.#point(path);
      const isDone = await succeeds(act({ timeout }));
      timeout *= 2;
      return isDone;
    });
  }

  /** Clicks a row. */
  async clickRow(path: readonly string[]): Promise<void> {
    await this.#onRow(path, (options) => this.row(...path).click(options));
  }

  /** Double-clicks a row. */
  async doubleClickRow(path: readonly string[]): Promise<void> {
    await this.#onRow(path, (options) => this.row(...path).dblclick(options));
  }

  /** Clicks an inline action of a row by its title, such as "Start Server". */
  async clickRowAction(path: readonly string[], action: string): Promise<void> {
    const wanted = { path, action };
    this.#lastAction = wanted;
    await this.#onRow(path, (options) => this.#button(wanted).click(options));
  }

  #button({ path, action }: RowAction): Locator {
    return this.row(...path).getByRole('button', { name: action, exact: true });
  }

  /** Request in the status bar after a click on a row that was being redrawn. */
  get clickAgain(): Locator {
    return this.page.locator('.statusbar').getByText('Click again');
  }

  /**
   * Waits for the effect of the last click on an action of a row. Clicks again where the window asks for it, or where
   * nothing has happened for long: the editor loses a click on a row that it draws between press and release.
   */
  async #untilEffect(effect: Promise<void>): Promise<void> {
    const over = new AbortController();
    const clicks = this.#clickAgainUntil(over.signal).catch(() => undefined);
    try {
      await effect;
    } finally {
      over.abort();
      await clicks;
      this.#lastAction = undefined;
    }
  }

  async #clickAgainUntil(over: AbortSignal): Promise<void> {
    let patienceMs = 60_000;
    let clickedMs = performance.now();
    while (!over.aborted && this.#lastAction) {
      const isAsked = await this.clickAgain.isVisible();
      const isLost =
        performance.now() - clickedMs > patienceMs && (await this.#button(this.#lastAction).isVisible());
      if (isAsked || isLost) {
        if (isLost) patienceMs *= 2;
        const { path } = this.#lastAction;
        const button = this.#button(this.#lastAction);
        if (await this.#reach(this.row(...path), 5000)) await succeeds(button.click({ timeout: 5000 }));
        clickedMs = performance.now();
        // The request hides with the next command.
        await this.clickAgain.waitFor({ state: 'hidden', timeout: 5000 }).catch(() => undefined);
      }
      await sleep(250, undefined, { signal: over });
    }
  }

  /** Clicks an inline action of a row, and again until the effect is there. */
  async clickRowActionUntil(
    path: readonly string[],
    action: string,
    isDone: () => boolean | Promise<boolean>,
  ): Promise<void> {
    await this.clickRowAction(path, action);
    await this.#untilEffect(until(`the effect of "${action}"`, isDone));
  }

  /** Opens the context menu of a row and clicks an entry. */
  async clickRowMenu(path: readonly string[], entry: string): Promise<void> {
    const item = this.page.getByRole('menuitem', { name: entry, exact: true });
    let waitMs = 5000;
    await until(`the menu entry "${entry}"`, async () => {
      // The editor closes a menu when it gives the focus back to the tree, as it does after it has drawn rows anew.
      const row = this.row(...path);
      if (!(await item.isVisible()) && (await this.#reach(row, waitMs)))
        await succeeds(row.click({ button: 'right', timeout: waitMs }));
      // For a moment after it opens, a menu ignores the mouse but not the keyboard.
      const isOpen = await succeeds(item.hover({ timeout: waitMs }));
      waitMs *= 2;
      if (!isOpen) return false;
      await this.page.keyboard.press('Enter');
      const isChosen = await succeeds(item.waitFor({ state: 'hidden', timeout: 30_000 }));
      // It has not marked the entry that the pointer came to in that moment.
      if (!isChosen) await this.leave();
      return isChosen;
    });
  }

  /** Clicks an action in the title of the view. */
  async clickViewAction(action: string): Promise<void> {
    const title = this.page.locator('.part.sidebar');
    await title.hover();
    await title.getByRole('button', { name: action, exact: true }).click();
  }

  /** Runs a command through the palette by its full title, such as "Dev Servers: Refresh". */
  async runCommand(title: string): Promise<void> {
    let waitMs = 5000;
    // The open palette does not list a command that is enabled after it was opened.
    await until(`the command "${title}"`, async () => {
      await this.page.keyboard.press('F1');
      await this.quickInput.locator('input').first().fill(`>${title}`);
      const isListed = await succeeds(this.#entry(title).waitFor({ timeout: waitMs }));
      // A busy window may list nothing that soon, and would never do so if it always began again.
      waitMs *= 2;
      if (!isListed) await this.page.keyboard.press('Escape');
      return isListed;
    });
    await this.pick(title);
  }

  /** Open command palette, pick list or input box. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** Items of the open pick list. */
  get picks(): Locator {
    return this.quickInput.getByRole('option');
  }

  /** Chooses an item of the open pick list by its label. */
  async pick(label: string): Promise<void> {
    await this.#entry(label).click();
  }

  #entry(label: string): Locator {
    return this.quickInput.locator(`xpath=.//*[@role="option"][${labelled(label)}]`).first();
  }

  /** Returns a status bar item by its id in the extension. */
  statusBarItem(id = 'devServers.status'): Locator {
    return this.page.locator(`.statusbar-item[id=${quoted(`${extensionId}.${id}`)}]`);
  }

  /** Returns the text of a status bar item without its icons. */
  async statusBarText(id?: string): Promise<string> {
    return (await this.statusBarItem(id).innerText()).trim();
  }

  /** Returns the notification that contains a text. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item').filter({ hasText: text });
  }

  /** Waits for a notification that follows a click on an action of a row. */
  async waitForNotification(notice: Locator): Promise<void> {
    await this.#untilEffect(notice.first().waitFor());
  }

  /** Returns the texts of all visible notifications without waiting for one. */
  notificationTexts(): Promise<string[]> {
    return this.page.locator('.notification-list-item-message').allInnerTexts();
  }

  /** Clicks a button of the notification that contains a text. */
  clickNotification(text: string | RegExp, button: string): Promise<void> {
    const wanted = this.notification(text).getByRole('button', { name: button, exact: true }).first();
    // After some seconds the editor moves a notification without an answer to the list behind the bell.
    const bell = this.page.locator('[id="status.notifications"]');
    const list = this.page.locator('.notifications-center');
    let isInList = false;
    const click = until(`the notification's "${button}"`, async () => {
      if (await wanted.isVisible())
        return (await this.#reach(wanted, 5000)) && succeeds(wanted.click({ timeout: 5000 }));
      // The dot is gone once the list was open.
      isInList ||= await bell.locator('.codicon-bell-dot').isVisible();
      // A click on the bell of an open list closes it, so the next one must wait until it has opened.
      if (isInList && !(await list.isVisible())) {
        await bell.click();
        await list.waitFor({ timeout: 5000 }).catch(() => undefined);
      }
      return false;
    });
    return this.#untilEffect(click);
  }

  /** Screen of the visible terminal. */
  get terminal(): Locator {
    return this.page.locator('.part.panel .terminal-wrapper.active .xterm-rows');
  }

  /** Focuses the visible terminal. Another layer above its rows receives the clicks. */
  async focusTerminal(): Promise<void> {
    await this.terminal.click({ force: true });
  }

  /** Saves a screenshot as `test-results/screenshots/NAME.png`. */
  async screenshot(name: string): Promise<string> {
    const folder = join(repoRoot, 'test-results', 'screenshots');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
    await this.page.screenshot({ path });
    return path;
  }
}
