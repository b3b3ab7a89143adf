import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { AgentRefusal, type Json } from '../../../src/core/agents/answer.js';
import { boundedAnswer } from '../../../src/core/agents/boundedAnswer.js';
import { parseToolInput } from '../../../src/core/agents/inputSchemas.js';
import { toolNames } from '../../../src/core/agents/names.js';
import { UrlScanner } from '../../../src/core/urlDetection/urlScanner.js';
import { parseClientMessage, parseHostMessage } from '../../../src/host/ipc/protocol.js';
import { unbatch } from '../../../src/host/ipc/messageBatcher.js';
import { ledgerPath, readLedger } from '../../../src/host/ledger/ledgerFile.js';
import { LineReader } from '../../../src/mcp/bridge/lines.js';
import { liveWindows } from '../../../src/mcp/bridge/windowRecords.js';
import { maxLineBytes, parseAgentMessage, parseWindowMessage } from '../../../src/mcp/bridge/wire.js';
import { fileTexts, messageValues } from './fileTexts.js';
import { fuzz, fuzzText } from './fuzz.js';

const identity = { pid: 4242, startTime: '77', bootId: 'boot' };
const start = {
  runId: 'window-1',
  serverId: 'shop:dev',
  command: { kind: 'argv', file: 'npm', args: ['run', 'dev'] },
  cwd: '/shop',
  env: { A: 'b' },
  envFiles: ['.env'],
  port: 3000,
  ready: { http: '/', tcp: true, port: 3000, log: 'ready', timeoutMs: 1000 },
};

/** Valid messages and records, from which damaged ones are derived. */
const clientMessages = [
  { kind: 'start', request: 1, start, logBytes: 1000 },
  { kind: 'stop', request: 1, stop: { runId: 'window-1', signal: 'SIGTERM', graceMs: 10 } },
  { kind: 'endHolder', request: 1, port: 3000, process: identity },
  { kind: 'resize', runId: 'window-1', columns: 80, rows: 24 },
  { kind: 'environment', variables: { A: 'b' } },
];
const hostMessages = [
  { kind: 'done', request: 1, answer: { kind: 'stopped', forced: true, survivors: [], busyPorts: [1] } },
  { kind: 'event', event: { kind: 'spawned', runId: 'window-1', process: identity } },
  { kind: 'output', runId: 'window-1', data: 'x', skippedBytes: 0 },
  { kind: 'refused', request: 1, reason: 'spawnFailed', text: { message: 'x', args: [] } },
];
const agentMessages = [
  { kind: 'hello', version: 2, token: 'x', agent: 'x', pid: 1 },
  { kind: 'call', request: 1, tool: 'devservers_list_servers', input: {} },
  { kind: 'cancel', request: 1 },
];
const windowMessages = [
  { kind: 'answer', request: 1, answer: { text: 'x', data: { a: [1] }, failed: true } },
  { kind: 'refused', text: 'x' },
];
const ledgers = [
  {
    schema: 1,
    windowId: 'window-1',
    host: identity,
    window: identity,
    runs: [{ runId: 'window-1', serverId: 'shop:dev', cwd: '/shop', process: identity, url: 'http://x' }],
    kept: [{ runId: 'r', serverId: 's', process: identity, name: 'nx', users: ['x'] }],
  },
];
const windowRecords = [
  {
    schema: 1,
    windowId: 'window-1',
    process: identity,
    folders: ['/shop'],
    socket: '/tmp/dev-servers-none',
    token: 'x',
    focusedAt: 1,
  },
];
const toolInputs = [
  { id: 'shop:dev', timeoutSeconds: 5 },
  { program: 'npm', args: ['run', 'dev'], cwd: '.', name: 'dev' },
  { id: 'shop:dev', lines: 5, offset: 0, search: '/a|b/' },
];

describe('any message', () => {
  let folder: string;
  beforeAll(() => {
    console.log(`    fuzz: ${fuzzText}`);
    folder = mkdtempSync(join(tmpdir(), 'dev-servers-fuzz-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const parsers = {
    'of the extension host': [clientMessages, parseClientMessage],
    'of the process host': [hostMessages, parseHostMessage],
  } as const;
  for (const [name, [valid, parse]] of Object.entries(parsers)) {
    it(`${name} is understood or refused`, { timeout: 0 }, async () => {
      await fuzz(damaged(valid), (value) => {
        for (const message of unbatch(value)) understoodOrRefused(() => parse(message));
      });
    });
  }

  const lineParsers = {
    'of an agent': [agentMessages, parseAgentMessage],
    'of a window': [windowMessages, parseWindowMessage],
  } as const;
  for (const [name, [valid, parse]] of Object.entries(lineParsers)) {
    it(`${name} is understood or refused, in any chunks`, { timeout: 0 }, async () => {
      const chunks = fc.array(chunk(valid), { maxLength: 20 });
      await fuzz(chunks, (received) => {
        const reader = new LineReader();
        understoodOrRefused(() => {
          for (const line of received.flatMap((each) => reader.push(each, maxLineBytes))) {
            assert.ok(Buffer.byteLength(line) <= 3 * maxLineBytes);
            understoodOrRefused(() => parse(line));
          }
        });
      });
    });
  }

  it('to a tool is understood, or refused by a short text', { timeout: 0 }, async () => {
    const inputs = fc.tuple(fc.constantFrom(...toolNames), damaged(toolInputs));
    await fuzz(inputs, ([name, input]) => {
      try {
        parseToolInput(name, input);
      } catch (error) {
        if (!(error instanceof AgentRefusal)) throw error;
        checkAnswer(boundedAnswer(error.answer));
      }
    });
  });

  it('in an answer to an agent is bounded and well-formed', { timeout: 0 }, async () => {
    const answers = fc.record({
      text: fileTexts([]),
      data: fc.dictionary(fc.string({ unit: 'binary' }), messageValues.map(toJson)),
    });
    await fuzz(answers, (answer) => checkAnswer(boundedAnswer(answer)));
  });

  it('in the ledger is understood or damaged', { timeout: 0 }, async () => {
    const path = ledgerPath(folder, 'window-1');
    await fuzz(damagedText(ledgers), async (text) => {
      writeFileSync(path, text);
      const file = await readLedger(path);
      assert.ok(file !== undefined && ['ledger', 'newer', 'damaged'].includes(file.kind));
    });
  });

  it('in the record of a window is understood or ignored', { timeout: 0 }, async () => {
    const platform = { identify: () => Promise.resolve(identity), bootId: () => Promise.resolve('boot') };
    const records = join(folder, 'windows');
    await fuzz(damagedText(windowRecords), async (text) => {
      rmSync(records, { recursive: true, force: true });
      writeRecordFile(records, text);
      assert.ok((await liveWindows(records, platform)).length <= 1);
    });
  });

  it('in the output of a server is scanned as whole lines are', { timeout: 0 }, async () => {
    const output = fc.tuple(fileTexts([]), fc.array(fc.nat({ max: 300 }), { maxLength: 20 }));
    await fuzz(output, ([text, lengths]) => {
      const scanner = new UrlScanner();
      let rest = text;
      for (const length of lengths) {
        scanner.push(rest.slice(0, length));
        rest = rest.slice(length);
      }
      for (const url of scanner.push(`${rest}\n`)) assert.ok(URL.canParse(url), url);
    });
  });
});

/** Values, and valid ones with one part replaced or removed. */
function damaged(valid: readonly object[]): fc.Arbitrary<unknown> {
  const one = fc
    .tuple(fc.constantFrom(...valid), fc.nat(), messageValues, fc.boolean())
    .map(([value, position, part, isRemoved]) => {
      let index = 0;
      const count = JSON.stringify(value).split(':').length * 2;
      return JSON.parse(
        JSON.stringify(value, (_, inner: unknown) => {
          index += 1;
          if (index !== (position % count) + 1) return inner;
          return isRemoved && index > 1 ? undefined : part;
        }) ?? 'null',
      ) as unknown;
    });
  return fc.oneof(one, one, messageValues, fc.array(one, { maxLength: 3 }));
}

/** Such values as JSON, some of them cut off. */
function damagedText(valid: readonly object[]): fc.Arbitrary<string> {
  return fc
    .tuple(damaged(valid), fc.option(fc.nat({ max: 400 })))
    .map(([value, end]) => (JSON.stringify(value) ?? '').slice(0, end ?? undefined));
}

function chunk(valid: readonly object[]): fc.Arbitrary<Buffer> {
  const bytes = fc.uint8Array({ maxLength: 100 }).map((each) => Buffer.from(each));
  const line = damagedText(valid).map((text) => Buffer.from(`${text}\n`));
  const long = fc.constant(Buffer.alloc(200 * 1024, 'a'));
  return fc.oneof({ weight: 5, arbitrary: line }, { weight: 3, arbitrary: bytes }, long);
}

/** Lets errors pass by which messages are refused; a `TypeError` is a fault of the parser. */
function understoodOrRefused(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    const isRefusal = error instanceof Error && !/^(?:TypeError|RangeError|AssertionError)$/.test(error.name);
    if (!isRefusal) throw error;
  }
}

function checkAnswer(answer: ReturnType<typeof boundedAnswer>): void {
  const json = JSON.stringify(answer);
  assert.ok(json.length < 2 * 1024 * 1024, `${json.length} units`);
  JSON.parse(json, (key, value: unknown) => {
    for (const each of [key, value]) if (typeof each === 'string') assert.doesNotMatch(each, /\p{Cs}/u);
    return value;
  });
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value) ?? 'null') as Json;
}

function writeRecordFile(folder: string, text: string): void {
  mkdirSync(folder);
  writeFileSync(join(folder, 'window-1.json'), text);
}
