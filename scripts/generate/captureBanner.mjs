// @ts-check
// Records the output of a server for test/fixtures/banners:
// node scripts/generate/captureBanner.mjs NAME PORT|none COMMAND...
import { readFile, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
// oxlint-disable-next-line no-restricted-imports -- not part of the extension, and a script cannot load TypeScript
import { spawn } from 'node-pty';
import { UsageError, runScript } from '../lib/cleanup.mjs';
import { fromRoot } from '../lib/paths.mjs';

const help = 'Usage: node scripts/generate/captureBanner.mjs NAME PORT|none COMMAND [ARGUMENT...]';
const folder = fromRoot('test', 'fixtures', 'banners');
const maxStartMs = 90_000;
/** Time to continue recording after the first answer, and after Ctrl+C. */
const lingerMs = 2000;

await runScript(async () => {
  const [name, portText = '', file, ...args] = process.argv.slice(2);
  const port = portText === 'none' ? null : Number(portText);
  if (!name || !file || Number.isNaN(port)) throw new UsageError(help);
  const server = start(file, args);
  const isUp = await Promise.race([server.ended.then(() => port === null), answers(port)]);
  await sleep(lingerMs);
  server.pty.write('\u0003');
  await Promise.race([server.ended, sleep(lingerMs)]);
  server.pty.kill('SIGKILL');
  if (!isUp) throw new Error(`nothing answered on port ${portText}; the output was:\n${server.output()}`);
  await writeFile(`${folder}/${name}.raw`, anonymize(server.output()), 'latin1');
  await addExpectation(name, port);
  return 0;
});

/**
 * @param {string} file
 * @param {string[]} args
 */
function start(file, args) {
  /** @type {string[]} */
  const chunks = [];
  const pty = spawn(file, args, { name: 'xterm-256color', cols: 120, rows: 30, encoding: 'latin1' });
  pty.onData((chunk) => void chunks.push(chunk));
  const ended = new Promise((resolve) => pty.onExit(resolve));
  return { pty, ended, output: () => chunks.join('') };
}

/**
 * Waits until the port answers an HTTP request, and returns whether it did. Without a port, only waits.
 * @param {number | null} port
 */
async function answers(port) {
  if (port === null) return sleep(lingerMs * 4, true);
  for (const deadline = Date.now() + maxStartMs; Date.now() < deadline; await sleep(200)) {
    for (const origin of ['http://127.0.0.1', 'http://[::1]', 'https://127.0.0.1']) {
      if (await fetch(`${origin}:${port}/`).catch(isCertificateError)) return true;
    }
  }
  return false;
}

/** Checks whether a request failed because of an untrusted certificate, which is an answer too.
 * @param {{ cause?: { code?: string } }} error */
function isCertificateError({ cause }) {
  return /CERT|SIGNED/.test(cause?.code ?? '');
}

/** Replaces the name and the addresses of this machine. @param {string} output */
function anonymize(output) {
  let text = output.replaceAll(hostname(), 'dev-machine');
  for (const { address, family, internal } of Object.values(networkInterfaces()).flatMap(
    (list) => list ?? [],
  )) {
    if (!internal) text = text.replaceAll(address, family === 'IPv4' ? '192.0.2.2' : 'fd00::2');
  }
  return text;
}

/**
 * @param {string} name
 * @param {number | null} port
 */
async function addExpectation(name, port) {
  const file = `${folder}/expected.json`;
  const all = { ...JSON.parse(await readFile(file, 'utf8')), [name]: { port } };
  const sorted = Object.fromEntries(Object.entries(all).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  await writeFile(file, `${JSON.stringify(sorted, null, 1)}\n`);
}
