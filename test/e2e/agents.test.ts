import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { until } from '../support/processes.js';
import { test, useWorkbench } from './support/test.js';
import type { Workbench } from './support/workbench.js';

const api = ['apps/api', 'dev'];
const apiId = 'workspace/apps/api:dev';

test.describe('an agent outside of the editor', () => {
  const workbench = useWorkbench({ settings: { 'devServers.showTerminalOnStart': false } });
  let client: Client;
  test.beforeAll(async () => {
    client = await connectAgent(workbench());
    await workbench().openDevServers();
    await until('the window', async () => !(await call(client, 'devservers_list_servers')).isError);
  });
  test.afterAll(() => client.close());

  test('starts a listed server once the user agrees to its command, and the row names the agent', async () => {
    const starting = call(client, 'devservers_start_server', { id: apiId });
    const dialog = workbench().page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const text = await dialog.innerText();
    assert.match(text, /Let terminal agent \(MCP, PID \d+\) start api: dev\?/);
    assert.match(text, /Command: npm run dev/);
    await workbench().screenshot('19-agent-asks-to-start');
    await dialog.getByRole('button', { name: 'Start It' }).click();
    assert.equal((await starting).isError, false);
    await workbench().waitForRow(api, /started by terminal agent \(MCP\)/);
    await workbench().screenshot('20-started-by-agent');
    await call(client, 'devservers_stop_server', { id: apiId });
    await workbench().waitForStopped(api);
  });

  test('stops a server of the user only if the user agrees', async () => {
    await workbench().clickRowAction(api, 'Start Server');
    await workbench().waitForRow(api, /:\d+/);
    const refused = call(client, 'devservers_stop_server', { id: apiId });
    const question = workbench().notification(
      /Let terminal agent \(MCP, PID \d+\) stop api: dev\? You started this server/,
    );
    await question.waitFor();
    await workbench().screenshot('21-agent-asks');
    await workbench().runCommand('Notifications: Clear All Notifications');
    assert.equal((await refused).data['error'], 'notAllowed');
    await workbench().waitForRow(api, /:\d+/);
    const stopping = call(client, 'devservers_stop_server', { id: apiId });
    await workbench().clickNotification(/Let terminal agent \(MCP, PID \d+\) stop api: dev/, 'Stop It');
    assert.equal((await stopping).data['outcome'], 'stopped');
    await workbench().waitForStopped(api);
  });

  test('starts a new command only if the user agrees in the dialog', async () => {
    const { page } = workbench();
    const script = 'setInterval(() => 0, 1000) // $(reboot)';
    const wanted = {
      program: 'node',
      args: ['-e', script],
      cwd: 'apps/web',
      name: 'brought',
      timeoutSeconds: 0,
    };
    const dialog = page.locator('.monaco-dialog-box');
    const answered = async (button: string): Promise<Record<string, unknown>> => {
      const answer = call(client, 'devservers_start_server', wanted);
      await dialog.waitFor();
      // A word joiner, which has no width, keeps `$(` from becoming an icon.
      const text = (await dialog.innerText()).replaceAll('\u2060', '');
      assert.ok(text.includes(`Command: node -e ${JSON.stringify(script)}`), text);
      assert.ok(text.includes(`Folder: ${join(workbench().workspace, 'apps/web')}`), text);
      await workbench().screenshot('22-agent-brings-command');
      await dialog.getByRole('button', { name: button }).click();
      return (await answer).data;
    };
    assert.equal((await answered('Cancel'))['error'], 'notAllowed');
    const { id, state } = await answered('Start It');
    assert.deepEqual([id, state], ['workspace/apps/web:brought', 'starting']);
    await workbench().waitForRow(['apps/web', 'brought'], /starting/);
    assert.equal((await call(client, 'devservers_stop_server', { id })).data['outcome'], 'stopped');
  });
});

test.describe('an agent outside of a remote window', () => {
  const workbench = useWorkbench({ settings: { 'devServers.agents.enabled': false } });

  test('can do nothing while the user has switched agents off', async () => {
    const client = await connectAgent(workbench());
    await workbench().openDevServers();
    const list = () => call(client, 'devservers_list_servers');
    // Until the window can be reached, the answer is another error.
    await until('the refusal', async () => (await list()).data['error'] === 'disabled');
    await client.close();
  });
});

/** Starts the MCP server for a window, as a program in its terminal would. */
async function connectAgent({ server, workspace }: Workbench): Promise<Client> {
  const data = join(server.userData, 'globalStorage');
  const folder = join(data, 'dev-server-registry.dev-server-registry/agents');
  const args = [join(process.cwd(), 'dist/mcp.js'), folder];
  const client = new Client({ name: 'terminal agent', version: '1' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, cwd: workspace, stderr: 'inherit' }),
  );
  return client;
}

async function call(
  client: Client,
  name: string,
  input: Record<string, unknown> = {},
): Promise<{ readonly data: Record<string, unknown>; readonly isError: boolean }> {
  const result = await client.callTool({ name, arguments: input });
  return {
    data: (result.structuredContent ?? {}) as Record<string, unknown>,
    isError: result.isError === true,
  };
}
