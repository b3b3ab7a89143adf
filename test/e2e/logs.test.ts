import assert from 'node:assert/strict';
import { until } from '../support/processes.js';
import { test, useWorkbench } from './support/test.js';

const script = `let line = 0; setInterval(() => console.log('\\u001b[32mrequest ' + ++line + '\\u001b[0m \\u001b]0;title\\u0007answered'), 100);`;

/** Writes what Vite 8 does when it forwards the console of a page. */
const pageScript = `for (const line of ['[console.log] hello', '[console.error] The cart is empty', '[Unhandled error] TypeError: cart is undefined\\n > total main.js:2:42'])
  console.log('10:20:30 AM [vite] (client) ' + line); setInterval(() => {}, 1000);`;

function command(code: string): string {
  const encoded = Buffer.from(code).toString('base64');
  return `"${process.execPath}" -e "eval(Buffer.from('${encoded}', 'base64').toString())"`;
}

test.describe('the logs of servers in the editor', () => {
  const window = useWorkbench({
    settings: {
      'devServers.servers': [
        { id: 'requests', command: command(script) },
        { id: 'page', command: command(pageScript) },
      ],
      'devServers.showTerminalOnStart': false,
    },
  });

  test('open from the menu of a row, without control sequences, and follow the server', async () => {
    const workbench = window();
    await workbench.openDevServers();
    await workbench.clickRowAction(['requests'], 'Start Server');
    await workbench.waitForRow(['requests'], 'starting');
    await workbench.clickRowMenu(['requests'], 'Show Log');
    const editor = workbench.page.locator('.part.editor .view-lines');
    // The editor renders spaces as non-breaking ones, and each color as an element of its own.
    const shownLines = async (): Promise<string[]> =>
      (await editor.innerText()).replaceAll('\u00a0', ' ').split('\n');
    const lastRequest = async (): Promise<number> => {
      const requests = (await shownLines()).map((line) => Number(/^request (\d+) /.exec(line)?.[1] ?? 0));
      return Math.max(...requests);
    };
    await until('a request in the log', async () => (await lastRequest()) > 2);
    await workbench.screenshot('log');
    const first = await lastRequest();
    await until('more requests than the window has lines', async () => (await lastRequest()) > first + 40);
    const lines = (await shownLines()).filter((line) => line !== '');
    assert.deepEqual(
      lines.filter((line) => !/^request \d+ answered$/.test(line)),
      [],
    );
    await workbench.screenshot('log-followed');
  });

  test('are searched together, and open at the selected line', async () => {
    const workbench = window();
    await workbench.runCommand('Dev Servers: Search Logs…');
    await workbench.quickInput.locator('input').first().fill('/request 1\\d answered/');
    await workbench.page.keyboard.press('Enter');
    await workbench.picks.filter({ hasText: 'request 17 answered' }).waitFor();
    assert.equal(await workbench.picks.count(), 10);
    await workbench.screenshot('log-search');
    await workbench.pick('19: request 17 answered');
    await until('the cursor in that line', async () => {
      const position = await workbench.page
        .locator('.statusbar-item[id="status.editor.selection"]')
        .innerText();
      return /Ln 19\b/.test(position);
    });
    await workbench.clickViewAction('Stop All Servers');
    await workbench.waitForStopped(['requests']);
  });

  test('count the errors of pages on the row, and list them by what the page wrote', async () => {
    const workbench = window();
    await workbench.clickRowAction(['page'], 'Start Server');
    await workbench.waitForRow(['page'], '2 errors in page');
    await workbench.hover(['page'], 'Page errors: 2');
    await workbench.clickRowMenu(['page'], 'Show Page Errors');
    await workbench.picks.nth(1).waitFor();
    const listed = await workbench.picks.locator('.label-name').allInnerTexts();
    assert.deepEqual(listed, ['5: TypeError: cart is undefined', '4: The cart is empty']);
    await workbench.screenshot('page-errors');
    await workbench.pick('4: The cart is empty');
    await until('the line of the error', async () => {
      const position = workbench.page.locator('.statusbar-item[id="status.editor.selection"]');
      return /Ln 4\b/.test(await position.innerText());
    });
    await workbench.clickViewAction('Stop All Servers');
    await workbench.waitForStopped(['page']);
  });
});
