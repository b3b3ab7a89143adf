import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, it } from 'vitest';
import { darwin } from '../../../src/host/platform/darwin.js';
import { parsePs, startOf } from '../../../src/host/platform/darwinPs.js';
import { linux, parseMarker, parseStat } from '../../../src/host/platform/linux.js';
import { wallClock } from '../../../src/host/platform/linuxClock.js';
import { posixCommand } from '../../../src/host/platform/posixCommand.js';
import { fromTicks, toEntries, unusedConsoles, windows } from '../../../src/host/platform/windows.js';
import { until } from '../../support/processes.js';
import { skipWithout } from '../../support/skip.js';
import { markerName } from '../../../src/host/system/processMarker.js';

describe('processes on Linux', () => {
  it('are read from stat, for any name of the program', () => {
    const between = Array.from({ length: 13 }, () => '0').join(' ');
    assert.deepEqual(parseStat(`42 (a) b (c)) S 1 40 39 ${between} 8 0 777 0`), {
      pid: 42,
      name: 'a) b (c)',
      state: 'S',
      parent: 1,
      group: 40,
      session: 39,
      hasTerminal: false,
      flags: 0,
      threads: 8,
      startTime: '777',
    });
  });

  it('are asked for the marker again while they may still execute their program', async () => {
    const script = `read -r line; exec env ${markerName}=r-1 sleep 1000`;
    const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
    const marker = async (): Promise<string | undefined> =>
      (await linux.list()).find(({ pid }) => pid === child.pid)?.marker;
    try {
      assert.equal(await marker(), '');
      child.stdin.write('go\n');
      await until('the other program', async () => (await marker()) === 'r-1');
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('live on without their first thread', async (context) => {
    // Python, since Node cannot end its first thread and keep running.
    skipWithout(context, 'python3');
    const script = [
      'import ctypes, threading, time',
      'threading.Thread(target=lambda: time.sleep(1000)).start()',
      "print('up', flush=True)",
      'ctypes.CDLL(None).pthread_exit(None)',
    ];
    const child = spawn('python3', ['-c', script.join('\n')], { stdio: ['ignore', 'pipe', 'ignore'] });
    const pid = child.pid ?? 0;
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await until('the end of the first thread', () => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
    assert.ok((await linux.list()).some((entry) => entry.pid === pid));
    assert.equal((await linux.identify(pid))?.pid, pid);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    assert.ok(!(await linux.list()).some((entry) => entry.pid === pid));
  });

  it('have their command lines and names as they were written', async () => {
    const child = spawn('sleep', ['1000'], { argv0: '/home/jürgen/naïve-日本', stdio: 'ignore' });
    const found = async () => (await linux.list()).find(({ pid }) => pid === child.pid)?.command;
    await until('the program', async () => (await found())?.endsWith(' 1000') === true);
    assert.equal(await found(), '/home/jürgen/naïve-日本 1000');
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('are not read from a text that is cut', () => {
    assert.deepEqual(['', '42', '42 (x', '42 (x) S 1'].map(parseStat), [
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('carry the marker under its full name only', () => {
    const name = 'DEV_SERVER_REGISTRY_ID';
    assert.deepEqual(
      [`${name}=r1`, `A=1\0${name}=r1\0B=2`, `X${name}=r1`, `A=${name}=r1`, '', `A=\0${name}2=r1`].map(
        parseMarker,
      ),
      ['r1', 'r1', '', '', '', ''],
    );
  });

  it('are known by start time and boot', async () => {
    const identity = await linux.identify(process.pid);
    assert.deepEqual(
      [identity?.pid, /^\d+$/.test(identity?.startTime ?? ''), /^[\da-f-]{36}$/.test(identity?.bootId ?? '')],
      [process.pid, true, true],
    );
    assert.equal(await linux.identify(2 ** 22 + 1), undefined);
  });
});

describe('processes on macOS', () => {
  const row = (pid: number, terminal: string, state: string, text: string, parent = 1, group = pid): string =>
    ` ${pid}  ${parent} ${group} ${terminal} ${state} Mon Nov  2 10:06:43 2026     ${text}`;
  it('are those of a run where its session leader hides its environment', () => {
    const leader =
      '/bin/dash -c ^J exec 3>"$2/reports"^J dev-server-leader window-1 /logs /bin/dash exec node';
    const rows = [leader, `grep ${leader}`].map((command, index) => row(60 + index, 'ttys001', 'S', command));
    const text = rows.join('\n');
    assert.deepEqual(
      parsePs(text, text).map(({ marker }) => marker),
      ['window-1', undefined],
    );
  });

  const parse = (rows: readonly [number, string, string][], plain = rows.map(([, command]) => command)) =>
    parsePs(
      rows.map(([pid, command, environment]) => row(pid, '??', 'S', `${command}${environment}`)).join('\n'),
      rows.map(([pid], index) => row(pid, '??', 'S', plain[index] ?? '')).join('\n'),
    ).map(({ marker, command }) => [marker, command]);

  it('are read from ps, with our marker from the environment behind the command', () => {
    const text = [
      row(501, '??', 'Ss', '/usr/sbin/thing -x'),
      row(4711, 'ttys001', 'S+', 'node server.js PATH=/bin DEV_SERVER_REGISTRY_ID=r-1 HOME=/h', 501),
      row(4712, 'ttys001', 'Z+', '<defunct>', 4711),
      'nonsense',
    ].join('\n');
    const startTime = 'Mon Nov 2 10:06:43 2026';
    assert.deepEqual(parsePs(text, row(4711, 'ttys001', 'S+', 'node server.js', 501)), [
      {
        pid: 501,
        parent: 1,
        group: 501,
        session: 501,
        startTime,
        marker: undefined,
        command: '/usr/sbin/thing -x',
        hasTerminal: false,
      },
      {
        pid: 4711,
        parent: 501,
        group: 4711,
        session: 4711,
        startTime,
        marker: 'r-1',
        command: 'node server.js',
        hasTerminal: true,
      },
    ]);
  });

  it('have an unknown marker if the system hides the environment, regardless of the arguments', () => {
    assert.deepEqual(
      parse([
        [1, 'sh -c PORT=3000 next dev', ''],
        [2, 'env DEV_SERVER_REGISTRY_ID=r-1 sleep 9', ''],
        [3, 'node server.js A=1', ' PATH=/bin'],
        [5, 'node -e \r\u2028', ' PATH=/bin'],
        [4, 'make DEV_SERVER_REGISTRY_ID=r-1', ' HOME=/h DEV_SERVER_REGISTRY_ID=r-2'],
      ]),
      [
        [undefined, 'sh -c PORT=3000 next dev'],
        [undefined, 'env DEV_SERVER_REGISTRY_ID=r-1 sleep 9'],
        ['', 'node server.js A=1'],
        ['', 'node -e \r\u2028'],
        ['r-2', 'make DEV_SERVER_REGISTRY_ID=r-1'],
      ],
    );
  });

  it('keep their marker when they execute another program between the two outputs of ps', () => {
    const rows: [number, string, string][] = [
      [1, 'sh -c x', ' DEV_SERVER_REGISTRY_ID=r-1'],
      [2, 'sh -c x', ''],
    ];
    assert.deepEqual(parse(rows, ['node x', 'node x']), [
      ['r-1', 'node x'],
      [undefined, 'node x'],
    ]);
  });

  it('are in the session of the leader that has the same terminal, since ps prints no session', () => {
    const text = [
      row(10, 'ttys001', 'Ss', 'dash'),
      row(11, 'ttys001', 'S+', 'node', 10),
      row(12, 'ttys001', 'S', 'node', 11),
      row(13, 'ttys002', 'S', 'node', 1, 7),
      row(14, '??', 'Ss', 'daemon'),
      row(15, '??', 'S', 'child', 14, 15),
    ].join('\n');
    assert.deepEqual(
      parsePs(text, text).map(({ pid, session }) => [pid, session]),
      [
        [10, 10],
        [11, 10],
        [12, 10],
        [13, 7],
        [14, 14],
        [15, 15],
      ],
    );
  });
});

describe('processes on Windows', () => {
  it('are read from the answer of the system, by their command lines where these are not hidden', () => {
    const entry = { group: 5, session: 5, startTime: '639000000000000000', marker: undefined };
    assert.deepEqual(
      toEntries([
        ['5', '1', '639000000000000000', 'node.exe', '"C:\\node.exe" a.js'],
        ['5', '1', '639000000000000000', 'System', ''],
        ['x', '1', '2', 'none', ''],
      ]),
      [
        { pid: 5, parent: 1, ...entry, command: '"C:\\node.exe" a.js' },
        { pid: 5, parent: 1, ...entry, command: 'System' },
      ],
    );
  });

  it('have no parent that started after them, since another process has its pid now', () => {
    const rows = [
      ['5', '9', '100', 'child', ''],
      ['9', '1', '200', 'stranger', ''],
    ] as const;
    assert.deepEqual(
      toEntries(rows).map(({ pid, parent }) => [pid, parent]),
      [
        [5, 0],
        [9, 1],
      ],
    );
  });
});

describe('the consoles of Windows', () => {
  it('that are in use, foreign or not terminals are not ended', () => {
    const startMs = 1_795_500_000_000;
    const ticks = (milliseconds: number): string =>
      `${BigInt(milliseconds) * 10_000n + 621_355_968_000_000_000n}`;
    const headless = String.raw`"C:\Windows\system32\conhost.exe" --headless --width 120 --height 30 --signal 0x1 --server 0x2`;
    const rows = [
      ['10', '7', ticks(startMs), 'conhost.exe', headless],
      ['11', '7', ticks(startMs + 5000), 'conhost.exe', headless],
      ['12', '8', ticks(startMs), 'conhost.exe', headless],
      ['13', '7', ticks(startMs), 'conhost.exe', String.raw`\??\C:\Windows\system32\conhost.exe 0x4`],
      ['14', '7', ticks(startMs), 'node.exe', 'node.exe --headless x'],
    ] as const;
    const unused = (...inUse: (readonly [number, number])[]): number[] =>
      unusedConsoles(toEntries(rows), inUse, 7).map(({ pid }) => pid);
    assert.deepEqual(unused(), [10, 11]);
    assert.deepEqual(unused([startMs + 20, startMs + 90]), [11]);
    assert.deepEqual(unused([startMs, startMs], [startMs + 4900, startMs + 4990]), []);
  });
});

describe('a command', () => {
  it('runs on POSIX unchanged, or through the shell if it is a line for a shell', () => {
    const lines = [
      posixCommand.toProgramLine({ kind: 'argv', file: 'npm', args: ['run', 'a b;c'] }, '/usr/bin/npm', '/'),
      posixCommand.toProgramLine({ kind: 'shell', line: 'a && b' }, undefined, '/'),
      posixCommand.toProgramLine({ kind: 'shell', line: 'a && b', shell: '/bin/zsh' }, '/bin/zsh', '/'),
    ];
    assert.deepEqual(lines, [
      { file: 'npm', args: ['run', 'a b;c'] },
      { file: '/bin/sh', args: ['-c', 'a && b'] },
      { file: '/bin/zsh', args: ['-c', 'a && b'] },
    ]);
  });

  const folder = String.raw`c:\shop`;

  it('is interpreted by the shell that the user named, with its arguments', () => {
    const line = (shell: string) =>
      windows.toProgramLine({ kind: 'shell', line: 'a && "b"', shell }, shell, folder);
    assert.deepEqual(['pwsh', 'C:\\Git\\bash.exe', 'cmd.exe'].map(line), [
      { file: 'pwsh', args: String.raw`-NoLogo -Command "a && \"b\""` },
      { file: 'C:\\Git\\bash.exe', args: String.raw`-c "a && \"b\""` },
      { file: 'cmd.exe', args: '/d /s /c "a && "b""' },
    ]);
  });

  const npm = String.raw`C:\Program Files (x86)\nodejs\npm.cmd`;
  const onWindows = (path: string, ...args: string[]) =>
    windows.toProgramLine({ kind: 'argv', file: 'tool', args }, path, folder);

  it('that is a batch file runs on Windows through cmd.exe, both by their whole paths', () => {
    const { file, args } = onWindows(npm, 'run', 'dev:web', 'a b', '', String.raw`C:\my dir\\`, 'a;b');
    assert.match(file, /System32[/\\]cmd\.exe$/);
    assert.equal(
      args,
      String.raw`/d /s /c ""C:\Program Files (x86)\nodejs\npm.cmd" run dev:web "a b" "" "C:\my dir\\\\" "a;b""`,
    );
  });

  it('is refused on Windows in a network folder, which cmd.exe would leave', () => {
    const share = String.raw`\\wsl.localhost\Debian\shop`;
    const lineIn = (cwd: string) =>
      windows.toProgramLine({ kind: 'shell', line: 'npm start' }, undefined, cwd);
    const batchIn = (cwd: string) => windows.toProgramLine({ kind: 'argv', file: 'npm', args: [] }, npm, cwd);
    for (const cwd of [share, String.raw`\\?\UNC\host\share`]) {
      for (const start of [lineIn, batchIn])
        assert.throws(() => start(cwd), {
          reason: 'spawnFailed',
          message: /Map a drive letter to the share/,
        });
    }
    assert.doesNotThrow(() => [lineIn(folder), batchIn(String.raw`\\?\C:\shop`)]);
    assert.equal(windows.toProgramLine({ kind: 'argv', file: 'go', args: [] }, 'C:\\go.exe', share).args, '');
  });

  it('that is a line runs on Windows as it was written, quotation marks and all', () => {
    const { args } = windows.toProgramLine(
      { kind: 'shell', line: 'npm run "dev web" && x' },
      undefined,
      folder,
    );
    assert.equal(args, '/d /s /c "npm run "dev web" && x"');
  });

  it('that is an executable runs on Windows without cmd.exe, with any arguments', () => {
    assert.deepEqual(onWindows(String.raw`C:\go\bin\go.EXE`, 'run', './a&b %PATH%'), {
      file: String.raw`C:\go\bin\go.EXE`,
      args: 'run "./a&b %PATH%"',
    });
  });

  it('is refused on Windows if cmd.exe would interpret an argument', () => {
    for (const word of ['a&b', 'a|b', '%PATH%', 'a"b', '^', 'a>b', '!x!', 'a\nb']) {
      assert.throws(() => onWindows(npm, 'run', word), { reason: 'spawnFailed' }, word);
    }
  });

  it('is searched on Windows with its endings first, since the bare name is a script for other systems', () => {
    assert.deepEqual(windows.executableEndings({ PathExt: '.EXE;.CMD' }), ['.EXE', '.CMD', '']);
    assert.deepEqual(windows.executableEndings({}), ['.COM', '.EXE', '.BAT', '.CMD', '']);
  });
});

describe('the age of a process', () => {
  it('is counted on Linux from the boot, in hundredths of a second', () => {
    const stat = 'cpu  1 2 3\nbtime 1795500000\nprocesses 7\n';
    assert.deepEqual(
      [wallClock('0', stat), wallClock('12345', stat), wallClock('unknown', stat), wallClock('1', '')],
      [1_795_500_000_000, 1_795_500_123_450, undefined, undefined],
    );
  });

  it('is known on Linux for a process that was just started', async () => {
    const before = Date.now();
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(child, 'spawn');
    const after = Date.now();
    const identity = await linux.identify(child.pid ?? 0);
    child.kill();
    const startedAt = linux.startedAt(identity?.startTime ?? '') ?? 0;
    // The time of the boot is in whole seconds.
    const isBetween = startedAt > before - 1100 && startedAt < after + 1100;
    assert.ok(isBetween, `${startedAt} is not between ${before} and ${after}`);
  });

  it('says whether a process is certainly older than a moment', async () => {
    const own = (await linux.identify(process.pid))?.startTime ?? '';
    const ownMs = process.uptime() * 1000;
    const lstart = (ms: number): string =>
      new Date(Date.now() - ms).toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) (\S+).*$/, '$1 $3 $2 $5 $4');
    const ticks = (ms: number): string =>
      String(621_355_968_000_000_000n + BigInt(Date.now() - ms) * 10_000n);
    assert.deepEqual(
      [
        [linux.isOlderThan(own, ownMs - 100), linux.isOlderThan(own, ownMs + 60_000)],
        [
          darwin.isOlderThan(lstart(5000), 2000),
          darwin.isOlderThan(lstart(1000), 1000),
          darwin.isOlderThan('', 0),
        ],
        [
          windows.isOlderThan(ticks(2000), 1500),
          windows.isOlderThan(ticks(2000), 60_000),
          windows.isOlderThan('', 0),
        ],
      ],
      [
        [true, false],
        [true, false, false],
        [true, false, false],
      ],
    );
  });

  it('is read on macOS in the time zone that ps is asked for', () => {
    assert.deepEqual(
      [startOf('Mon Nov 23 10:06:43 2026'), startOf('unknown')],
      [Date.UTC(2026, 10, 23, 10, 6, 43), undefined],
    );
  });

  it('is counted on Windows from the year 1', () => {
    // The ticks of .NET for 2026-11-23 10:06:43 UTC.
    assert.deepEqual(
      [fromTicks('639310252030000000'), fromTicks('unknown')],
      [Date.UTC(2026, 10, 23, 10, 6, 43), undefined],
    );
  });
});
