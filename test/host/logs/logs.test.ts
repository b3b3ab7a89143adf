import assert from 'node:assert/strict';
import {
  readFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'vitest';
import {
  parseLogQuery,
  SlowPatternError,
  type LogExcerpt,
  type LogOwner,
} from '../../../src/core/logs/logStore.js';
import { readyRule } from '../../../src/core/readiness/readyRule.js';
import { HostClient } from '../../../src/host/client/hostClient.js';
import { listLogFiles, logFilePath, logName, removeOldLogs } from '../../../src/host/logs/logFiles.js';
import { LogReader } from '../../../src/host/logs/logReader.js';
import { searchLog } from '../../../src/host/logs/logSearch.js';
import { LogWriter } from '../../../src/host/logs/logWriter.js';
import { until } from '../../support/processes.js';
import { hostPath, TestHost, serverFolder } from '../support/testHost.js';

const owner: LogOwner = { id: 'test', cwd: serverFolder };
const windowId = 'window-1';
const log = logName(owner);

let folder: string;
const readers: LogReader[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dev-servers-logs-'));
});
afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
  rmSync(folder, { recursive: true });
});

describe('the log of a server', () => {
  let host: TestHost;
  beforeEach(() => {
    host = new TestHost({ logFolder: folder });
  });
  afterEach(() => host.end());

  it('contains output immediately, with the beginning of the run', async () => {
    const run = await host.shell('echo one; echo two; printf three; sleep 1000');
    await host.watch(run).until('three');
    const { text, rest, truncated } = await readTail(host);
    const [blank, begin, ...lines] = text.split('\n');
    assert.equal(blank, '');
    assert.match(begin ?? '', /^── \d{4}-\d\d-\d\dT[\d:.]+Z test ──$/u);
    assert.deepEqual([lines, rest, truncated], [['one', 'two', ''], 'three', false]);
  });

  it('is kept after the end of the server, and continues with its next run', async () => {
    for (const word of ['first', 'second']) await host.event(await host.shell(`echo ${word}`), 'ended');
    const { text } = await readTail(host);
    assert.deepEqual(serverLines(text), ['first', 'second']);
    assert.equal((await listLogFiles(folder)).length, 1);
  });

  it('is read and continued by the next window after the end of the first', async () => {
    await host.event(await host.shell('echo first'), 'ended');
    await host.end();
    host = new TestHost({ logFolder: folder });
    assert.deepEqual(serverLines((await readTail(host)).text), ['first']);
    await host.event(await host.shell('echo second'), 'ended');
    assert.deepEqual(serverLines((await readTail(host)).text), ['first', 'second']);
    assert.equal((await listLogFiles(folder)).length, 1);
  });

  it('is cleared while its server runs, and continues with later output', async () => {
    const run = await host.shell('echo first; read line; echo got $line; sleep 1000');
    await host.watch(run).until('first');
    const before = await readTail(host);
    await host.client.logs.clear(owner);
    assert.equal((await readTail(host)).text, '');
    host.client.input(run, 'second\n');
    await until('the new output', async () => (await readText(host.client)).includes('got second'));
    const after = await readTail(host);
    assert.ok(after.start >= before.end, `${after.start} >= ${before.end}`);
    assert.equal((await listLogFiles(folder)).length, 1);
  });

  it('is removed when it is cleared after its server has ended, also by the next window', async () => {
    await host.event(await host.shell('echo first'), 'ended');
    await host.end();
    host = new TestHost({ logFolder: folder });
    await host.client.logs.clear(owner);
    assert.deepEqual(await listLogFiles(folder), []);
    assert.deepEqual(await host.client.logs.existing([owner]), []);
  });

  it('is separate in each of two windows that run the same server', async () => {
    const { ledgerFolder } = host;
    const logs = { folder, maxBytes: () => 1024 * 1024 };
    const other = new HostClient({ hostPath, ledgerFolder, logs, log: { info: () => 0, error: () => 0 } });
    try {
      for (const client of [host.client, other]) {
        const command = { kind: 'shell', line: 'echo $DEV_SERVER_REGISTRY_ID; sleep 1000' } as const;
        const runId = client.newRunId();
        await client.start({
          runId,
          serverId: owner.id,
          command,
          cwd: owner.cwd,
          env: {},
          port: undefined,
          ready: readyRule(undefined, undefined),
        });
        await until('the output', async () => (await readText(client)).includes(runId));
        assert.deepEqual(serverLines(await readText(client)), [runId]);
      }
    } finally {
      await other.dispose();
    }
  });

  it('can be read only by its user', async () => {
    rmSync(folder, { recursive: true });
    await host.event(await host.shell('echo one'), 'ended');
    await readTail(host);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  });

  it('notifies its watchers that it has grown, and no others', async () => {
    let grown = 0;
    const unwatch = host.client.logs.watch(owner, () => {
      grown += 1;
    });
    const run = await host.shell('read x; echo got $x; read x; echo got $x; sleep 1000');
    await until('the first news', () => grown > 0);
    host.client.input(run, 'one\r');
    await until(
      'news of the answer',
      async () => grown > 1 && (await readText(host.client)).includes('got one'),
    );
    unwatch();
    const told = grown;
    host.client.input(run, 'two\r');
    await until('the second answer', async () => (await readText(host.client)).includes('got two'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(grown, told);
  });

  it('is lost, and reported once, if the disk refuses it, and the server keeps running', async () => {
    writeFileSync(join(folder, 'file'), '');
    const broken = new TestHost({ logFolder: join(folder, 'file') });
    try {
      const run = await broken.shell('for i in 1 2 3 4 5; do echo line $i; sleep 0.1; done; sleep 1000');
      await broken.watch(run).until('line 5');
      await until('the complaint', () => broken.log.some((line) => line.includes('cannot be written')));
      assert.equal(broken.log.filter((line) => line.includes('cannot be written')).length, 1);
      assert.equal(await broken.client.logs.tail(owner), undefined);
    } finally {
      await broken.end();
    }
  });

  it('is not kept if its size limit is 0', async () => {
    const quiet = new TestHost({ logFolder: join(folder, 'quiet'), logBytes: 0 });
    try {
      await quiet.event(await quiet.shell('echo one'), 'ended');
      assert.deepEqual(await quiet.client.logs.existing([owner]), []);
    } finally {
      await quiet.end();
    }
  });

  it('shows no title, link or clipboard access from the output', async () => {
    const evil = [
      '\\033]0;title\\007a',
      '\\033]52;c;aGk=\\007b',
      '\\033]8;;http://evil.example/\\033\\\\http://good.example/\\033]8;;\\033\\\\c',
      '\\033[31mred\\033[0m\\033[2J\\033Pq#0\\033\\\\d',
      '\\302\\2330me\\302\\23552;c;aGk=\\007f',
      '\\033]0;never ends',
    ];
    await host.event(await host.shell(evil.map((line) => `printf '${line}\\n'`).join('; ')), 'ended');
    const { text } = await readTail(host);
    assert.deepEqual(serverLines(text), ['a', 'b', 'http://good.example/c', 'red d', 'ef', '']);
    for (const word of ['title', 'aGk=', 'evil', 'never']) {
      assert.deepEqual((await host.client.logs.search(owner, parseLogQuery(word), 10)).matches, [], word);
    }
  });

  async function readTail({ client }: TestHost): Promise<LogExcerpt> {
    const tail = await client.logs.tail(owner);
    assert.ok(tail, 'there is no log');
    return tail;
  }

  async function readText(client: HostClient): Promise<string> {
    return (await client.logs.tail(owner))?.text ?? '';
  }
});

describe('the writer of a log', () => {
  it('stays within the size, and keeps at least half of it, cut at line ends', async () => {
    const maxBytes = 64 * 1024;
    const writer = newWriter();
    writer.startRun('test', maxBytes);
    const written = Array.from({ length: 20_000 }, (_, index) => `line ${index}\r\n`);
    for (let at = 0; at < written.length; at += 500) {
      writer.push(Buffer.from(written.slice(at, at + 500).join('')));
      await writer.flush();
      const sizes = (await listLogFiles(folder)).map(({ path }) => statSync(path).size);
      assert.ok(sum(sizes) <= maxBytes, sizes.join(' + '));
    }
    await writer.close();
    const reader = await openReader();
    const kept = (await reader.read(reader.start, reader.end)).toString();
    assert.ok(kept.length > maxBytes / 2, `${kept.length} bytes`);
    assert.ok(written.join('').endsWith(kept));
    assert.match(kept, /^line /u);
  });

  it('ends files at line ends, for any chunks', async () => {
    const writer = newWriter();
    writer.startRun('test', 64 * 1024);
    const line = `${'x'.repeat(300)}\r\n`;
    for (let count = 0; count < 3000; count += 1) {
      for (const [start, end] of [
        [0, 7],
        [7, 120],
        [120, line.length],
      ] as const)
        writer.push(Buffer.from(line.slice(start, end)));
      if (count % 100 === 0) await writer.flush();
    }
    await writer.close();
    const texts = (await listLogFiles(folder)).map(({ path }) => readFileSync(path, 'utf8'));
    assert.deepEqual(
      texts.map((text) => [text.startsWith('x'.repeat(300)), text.endsWith('\r\n')]),
      texts.map(() => [true, true]),
    );
    assert.ok(texts.length > 1);
  });

  it('cuts a line that is longer than the log', async () => {
    const writer = newWriter();
    writer.startRun('test', 10_000);
    writer.push(Buffer.from('x'.repeat(100_000)));
    await writer.close();
    const reader = await openReader();
    const kept = (await reader.read(reader.start, reader.end)).toString();
    assert.match(kept, /^x{5000,10000}$/u);
  });

  it('keeps offsets valid when the oldest output is dropped', async () => {
    const writer = newWriter();
    writer.startRun('test', 10_000);
    await writer.flush();
    const { end: before } = await openReader();
    writer.push(Buffer.from('0123456789abcde\n'.repeat(1000)));
    await writer.close();
    const reader = await openReader();
    assert.equal(reader.end, before + 16_000);
    assert.ok(reader.start > 0);
    const { text, start } = await reader.range(before + 15_984);
    assert.deepEqual([text, start], ['0123456789abcde\n', before + 15_984]);
    assert.equal((await reader.range(0, { lines: 1 })).start, reader.start);
  });

  it('drops the oldest output when the disk cannot keep up, and says so', async () => {
    const writer = newWriter();
    writer.startRun('test', 64 * 1024 * 1024);
    const chunk = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(64));
    for (let index = 0; index < 160; index += 1) writer.push(chunk);
    writer.push(Buffer.from('the last\n'));
    await writer.close();
    const { text } = await (await openReader()).tail();
    assert.ok(text.endsWith('x\nthe last\n'));
    const reader = await openReader();
    const whole = (await reader.read(reader.start, reader.end)).toString();
    const [, missing] = /── (\d+) bytes are missing here ──/u.exec(whole) ?? [];
    const kept = whole.split('\n').filter((line) => line.startsWith('x')).length * 1024;
    assert.ok(kept <= 2 * 1024 * 1024, `${kept} bytes`);
    // The line at the start of the run is missing too.
    assert.ok(Number(missing) > 160 * 64 * 1024 - kept, missing);
  });

  it('marks the position of missing output, even if it is dropped during a write', async () => {
    const writer = newWriter();
    writer.startRun('test', 64 * 1024 * 1024);
    let count = 0;
    const pushBlocks = (blocks: number): void => {
      for (let index = 0; index < blocks * 64; index += 1)
        writer.push(Buffer.from(`${count++} `.padEnd(1023, 'x').concat('\n')));
    };
    pushBlocks(4);
    const flushed = writer.flush();
    await new Promise((resolve) => setImmediate(resolve));
    pushBlocks(160);
    await flushed;
    await writer.close();
    const reader = await openReader();
    const whole = (await reader.read(reader.start, reader.end)).toString();
    const parts = whole.split(/── \d+ bytes are missing here ──/u);
    const isWhole = (part: string): boolean => {
      const numbers = [...part.matchAll(/^(?<number>\d+) x+$/gmu)].map(([, number]) => Number(number));
      return numbers.every((number, index) => index === 0 || number === (numbers[index - 1] ?? 0) + 1);
    };
    assert.ok(parts.length > 1);
    assert.deepEqual(
      parts.map((part) => isWhole(part)),
      parts.map(() => true),
    );
  });

  it('pauses after a failed write, and reports it once', async () => {
    const complaints: unknown[] = [];
    const missing = join(folder, 'missing');
    writeFileSync(missing, '');
    const writer = newWriter({ folder: missing, reportError: (error) => complaints.push(error) });
    writer.startRun('test', 10_000);
    writer.push(Buffer.from('lost\n'));
    await writer.flush();
    assert.equal(complaints.length, 1);
    rmSync(missing);
    writer.push(Buffer.from('too early\n'));
    await writer.flush();
    assert.deepEqual([await listLogFiles(missing), complaints.length], [[], 1]);
    await writer.close();
  });

  it('takes over the log of a closed window, and leaves those of others alone', async () => {
    const other = (window: string, start: number, text: string, age: number): string => {
      const path = logFilePath(folder, { log, windowId: window, start });
      writeFileSync(path, text);
      const then = new Date(Date.now() - age);
      utimesSync(path, then, then);
      return path;
    };
    other('gone-long-ago', 0, 'older\n', 90_000);
    other('just-gone', 100, 'old\n', 60_000);
    other('just-gone', 104, 'new\n', 30_000);
    const foreign = other('alive', 0, 'foreign\n', 0);
    const writer = newWriter({ isAlive: (window) => Promise.resolve(window === 'alive') });
    writer.startRun('test', 10_000);
    writer.push(Buffer.from('mine\n'));
    await writer.close();
    const reader = await openReader();
    assert.equal(reader.start, 100);
    assert.deepEqual(serverLines((await reader.tail()).text), ['old', 'new', 'mine']);
    const paths = (await listLogFiles(folder)).map(({ path }) => path);
    assert.deepEqual(
      new Set(paths),
      new Set([foreign, ...[100, 104].map((start) => logFilePath(folder, { log, windowId, start }))]),
    );
  });
});

describe('the files of logs', () => {
  it('have readable names that distinguish servers', () => {
    const names = [
      { id: 'shop/apps/web:dev', cwd: '/a' },
      { id: 'shop/apps/web:dev', cwd: '/b' },
      { id: 'shop/apps/web-dev', cwd: '/a' },
      { id: '../../etc/passwd', cwd: '/a' },
      { id: 'ü'.repeat(300), cwd: '/a' },
    ].map(logName);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[\w-]{1,60}$/u);
    assert.match(names[0] ?? '', /^shop-apps-web-dev-/u);
  });

  it("belong to a server in its folder, regardless of the folder's name in a window", () => {
    const cwd = '/home/me/trees/shop/apps/web';
    const names = ['shop', 'shop (2)', 'main: a/b'].map((each) =>
      logName({ id: `${each}/apps/web:dev`, folder: each, cwd }),
    );
    assert.deepEqual(new Set(names).size, 1);
    assert.match(names[0] ?? '', /^web-apps-web-dev-/u);
    assert.notEqual(names[0], logName({ id: 'shop/apps/web:dev', folder: 'shop', cwd: `${cwd}2` }));
  });

  it('are removed when no window has written to them for a long time', async () => {
    const paths = ['old', 'new', 'old-but-alive'].map((window) =>
      logFilePath(folder, { log, windowId: window, start: 0 }),
    );
    for (const path of paths) writeFileSync(path, '');
    const fortnightAgo = new Date(Date.now() - 15 * 24 * 60 * 60 * 1000);
    for (const path of [paths[0], paths[2]]) utimesSync(path ?? '', fortnightAgo, fortnightAgo);
    await removeOldLogs(folder, (window) => Promise.resolve(window === 'old-but-alive'));
    assert.deepEqual((await listLogFiles(folder)).map(({ windowId: window }) => window).toSorted(), [
      'new',
      'old-but-alive',
    ]);
  });
});

describe('the reader of a log', () => {
  it('limits every request', async () => {
    write('line\n'.repeat(200_000) + 'x'.repeat(3_000_000));
    const reader = await openReader();
    for (const limits of [{}, { lines: 1e9 }, { bytes: 1e12 }, { lines: Infinity, bytes: Infinity }]) {
      for (const excerpt of [await reader.tail(limits), await reader.range(0, limits)]) {
        assert.ok(excerpt.truncated);
        assert.ok(excerpt.text.length + excerpt.rest.length <= 2 * 1024 * 1024);
        assert.ok(excerpt.text.split('\n').length <= 50_001);
      }
    }
  });

  it('returns the last lines, and whether there are more', async () => {
    write('a\nb\nc\n');
    const reader = await openReader();
    const tails = [1, 2, 3, 9].map((lines) => reader.tail({ lines }));
    assert.deepEqual(
      (await Promise.all(tails)).map(({ text, start, truncated }) => [text, start, truncated]),
      [
        ['c\n', 4, true],
        ['b\nc\n', 2, true],
        ['a\nb\nc\n', 0, false],
        ['a\nb\nc\n', 0, false],
      ],
    );
    assert.equal((await reader.tail({ bytes: 3 })).text, 'c\n');
  });

  it('returns the part after an offset, and where to continue', async () => {
    write('one\ntwo\nthree\nunfin');
    const reader = await openReader();
    const texts: string[] = [];
    let at = 0;
    for (let truncated = true; truncated;) {
      const excerpt = await reader.range(at, { lines: 1 });
      texts.push(excerpt.text + excerpt.rest);
      at = excerpt.end;
      ({ truncated } = excerpt);
    }
    assert.deepEqual([texts, at], [['one\n', 'two\n', 'three\n', 'unfin'], 14]);
    write('ished\n', 'a');
    assert.equal((await (await openReader()).range(at)).text, 'unfinished\n');
    assert.deepEqual((await (await openReader()).range(1e9)).text, '');
  });

  it('advances through an endless line, and cuts no character', async () => {
    const line = 'aä→😀'.repeat(3000);
    write(line);
    const reader = await openReader();
    let text = '';
    let at = 0;
    for (let truncated = true; truncated;) {
      const excerpt = await reader.range(at, { bytes: 1001 });
      assert.ok(excerpt.end > at || excerpt.rest !== '');
      text += excerpt.text + excerpt.rest;
      at = excerpt.end;
      ({ truncated } = excerpt);
    }
    assert.equal(text, line);
    for (let bytes = 4; bytes < 14; bytes += 1) {
      const tail = await reader.tail({ bytes });
      assert.ok(line.endsWith(tail.rest) && tail.rest !== '', tail.rest);
    }
  });

  it('inserts replacement characters for invalid UTF-8', async () => {
    write(Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x0a, 0xe2, 0x82, 0x0a, 0x62, 0x0a]));
    assert.equal((await (await openReader()).tail()).text, 'a\ufffd\ufffd(\n\ufffd\nb\n');
  });

  it('reduces rewritten lines to their final content', async () => {
    write(
      [
        '10%\r20%\r100%\r\n',
        '⠙\u001b[1G\u001b[0Kdone\n',
        '⠙\r\u001b[K\n',
        'left\r\n',
        '\r\n',
        'a\u2028b\n',
        'tab\tand\bback\n',
      ].join(''),
    );
    const lines = ['100%', 'done', '', 'left', '', 'a b', 'tab\tandback', ''];
    assert.deepEqual((await (await openReader()).tail()).text.split('\n'), lines);
  });

  it('reads the files that it has opened, even if the writer removes the oldest one meanwhile', async () => {
    const [oldest, newest] = [0, 5].map((start) => logFilePath(folder, { log, windowId, start }));
    mkdirSync(folder, { recursive: true });
    writeFileSync(oldest ?? '', 'old1\n');
    writeFileSync(newest ?? '', 'new1\n');
    const reader = await openReader();
    rmSync(oldest ?? '');
    assert.equal((await reader.tail()).text, 'old1\nnew1\n');
    const second = await openReader();
    assert.deepEqual([(await second.tail()).text, second.start], ['new1\n', 5]);
  });

  it('lets other work run in between', async () => {
    write('\u001b[32mgreen\u001b[0m text of some length\r\n'.repeat(60_000));
    const reader = await openReader();
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await reader.range(0);
    clearInterval(timer);
    assert.ok(turns > 5, `${turns} turns`);
  });
});

describe('the search of a log', () => {
  it('finds text in upper and lower case, with line numbers and offsets', async () => {
    write('One\ntwo\n\u001b[1mo\u001b[0mne\nunfinished one');
    assert.deepEqual(await search('one'), {
      matches: [
        { text: 'One', line: 1, offset: 0 },
        { text: 'one', line: 3, offset: 8 },
        { text: 'unfinished one', line: 4, offset: 20 },
      ],
      truncated: false,
    });
  });

  it('treats text between slashes as a regular expression', async () => {
    write('GET /a 200\nGET /b 404\nget /c 500\n');
    const { matches } = await search('/get .* [45]\\d\\d$/');
    assert.deepEqual(
      matches.map(({ line }) => line),
      [2, 3],
    );
    assert.throws(() => parseLogQuery('/(/'), SyntaxError);
  });

  it('returns the newest matches if there are more than requested', async () => {
    write(Array.from({ length: 50_000 }, (_, index) => `line ${index}\n`).join(''));
    const { matches, truncated } = await search('line', 3);
    assert.deepEqual(
      [matches.map(({ text, line }) => [text, line]), truncated],
      [
        [
          ['line 49997', 49_998],
          ['line 49998', 49_999],
          ['line 49999', 50_000],
        ],
        true,
      ],
    );
    const reader = await openReader();
    assert.equal((await reader.range(matches[1]?.offset ?? 0, { lines: 1 })).text, 'line 49998\n');
  });

  it('finds the first line of an error of a page, also if its stack is in the next part that is read', async () => {
    const first = '\u001b[31m[browser] In HTML, <p> cannot contain <div>.\r\n';
    const rest = '\r\nThis will cause a hydration error. \r\n    at Cart (app/cart.tsx:5:24)\u001b[39m\r\n';
    const before = 'x'.repeat(1023) + '\n';
    write(`${before.repeat(255)}${'y'.repeat(1023 - first.length)}\n${first}${rest}`);
    const { matches } = await searchLog(await openReader(), { kind: 'pageErrors' }, 10, undefined);
    const text = '[browser] In HTML, <p> cannot contain <div>.';
    assert.deepEqual(matches, [{ text, line: 257, offset: 256 * 1024 - first.length }]);
  });

  it('gives up an expression that would take forever', async () => {
    write(`${'a'.repeat(60)}!\n`);
    await assert.rejects(search('/^(a+)+$/'), SlowPatternError);
  });

  it('ends when it is aborted', async () => {
    write('line\n'.repeat(100_000));
    await assert.rejects(search('line', 10, AbortSignal.abort()), { name: 'AbortError' });
  });

  async function search(query: string, maxMatches = 10, signal?: AbortSignal): ReturnType<typeof searchLog> {
    return searchLog(await openReader(), parseLogQuery(query), maxMatches, signal);
  }
});

/** Writes the bytes as the only content of the log. */
function write(content: string | Buffer, flag = 'w'): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(logFilePath(folder, { log, windowId, start: 0 }), content, { flag });
}

async function openReader(): Promise<LogReader> {
  const reader = await LogReader.open(folder, log, windowId);
  assert.ok(reader, 'there is no log');
  readers.push(reader);
  return reader;
}

function newWriter(deps: Partial<ConstructorParameters<typeof LogWriter>[1]> = {}): LogWriter {
  return new LogWriter(log, {
    folder,
    windowId,
    isAlive: () => Promise.resolve(false),
    onWritten: () => undefined,
    reportError: (error) => {
      throw error;
    },
    ...deps,
  });
}

/** Returns the lines without those of the extension, and without the empty lines before these. */
function serverLines(text: string): string[] {
  return text
    .replaceAll(/\n?── .+ ──\n/gu, '')
    .split('\n')
    .slice(0, -1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
