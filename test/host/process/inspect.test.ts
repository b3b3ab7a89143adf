import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'vitest';
import { freePort, until } from '../../support/processes.js';
import { hostPath, TestHost } from '../support/testHost.js';

const variable = 'DEV_SERVERS_INSPECT_HOST';

describe('a debugger of the process host', function () {
  let host: TestHost;
  beforeEach(() => {
    host = new TestHost();
  });
  afterEach(async () => {
    delete process.env[variable];
    await host.end();
  });

  it('attaches to the port that the environment names, which servers do not inherit', async () => {
    const port = await freePort();
    process.env[variable] = String(port);
    const run = await host.shell(`echo "inherited: [$${variable}]"; sleep 1000`);
    await host.watch(run).until('inherited: []');
    assert.deepEqual(await inspectedScripts(port), [hostPath]);
  });

  it('has no port if the variable is not a number', async () => {
    process.env[variable] = '--eval=process.exit(1)';
    const run = await host.shell('echo "it runs"; sleep 1000');
    await host.watch(run).until('it runs');
    assert.deepEqual(host.log, []);
  });
});

/** Returns the scripts that a debugger finds at a port, once it finds any. */
async function inspectedScripts(port: number): Promise<string[]> {
  let targets: readonly { readonly title: string }[] = [];
  await until(`a debugger on port ${port}`, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined);
    targets = answer ? ((await answer.json()) as typeof targets) : [];
    return targets.length > 0;
  });
  return targets.map(({ title }) => title);
}
