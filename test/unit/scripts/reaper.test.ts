import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'vitest';
import { fromRoot } from '../../../scripts/lib/paths.mjs';
import { endRun, runMarker } from '../../../scripts/lib/processes.mjs';
import { isAlive, until } from '../../support/processes.js';

const reaper = pathToFileURL(fromRoot('scripts', 'lib', 'reaper.mjs')).href;

/** A script that does not end when it is asked to, and starts a process that only its own marker tells. */
const script = `
  import { execFileSync } from 'node:child_process';
  const { reapOnExit } = await import(${JSON.stringify(reaper)});
  process.on('SIGTERM', () => undefined);
  const env = { ...process.env, ${runMarker}: 'inner-' + process.env.${runMarker} };
  const pid = Number(execFileSync('sh', ['-c', 'sleep 1000 >/dev/null 2>&1 & echo $!'], { env }));
  reapOnExit({ root: pid, marker: env.${runMarker}, graceMs: 1000 });
  console.log(pid);
  setInterval(() => undefined, 1000);
`;

describe.skipIf(process.platform === 'win32')('a script that is killed', () => {
  it('leaves nothing that only its own clean-up knows', async () => {
    const marker = randomUUID();
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, [runMarker]: marker },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    assert.ok(isAlive(pid));
    await endRun(child.pid, marker, 0);
    await until('the end of what it had started', () => !isAlive(pid));
  });
});
