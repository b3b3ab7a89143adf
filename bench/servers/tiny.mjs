// Replaces `tiny.c` if there is no C compiler, with the same arguments; slower by the start of Node.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [port, controlPort = '0', children = '0', mode = 'plain', delayMs = '0'] = process.argv.slice(2);
if (mode === 'deaf') process.on('SIGTERM', () => undefined);
if (mode === 'slow') process.on('SIGTERM', () => setTimeout(() => process.exit(0), Number(delayMs)));

const server = createServer((_request, response) => response.end());
server.listen(Number(port), '127.0.0.1', () => void onListening());

async function onListening() {
  const control = controlPort === '0' ? undefined : connect(Number(controlPort), '127.0.0.1');
  for (let index = 0; index < Number(children); index += 1) spawn('sleep', ['100000'], { stdio: 'ignore' });
  if (mode === 'late') await sleep(Number(delayMs));
  const now = process.hrtime.bigint();
  process.stdout.write(`tiny listens on http://localhost:${port}/\n`);
  control?.write(`${port} ${now}\n`);
}
