import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { system32 } from './windowsSystem.js';

/** Fields of a process as the system reports them: pid, parent, start in ticks, name, command line. */
export type ProcessRow = readonly [pid: string, parent: string, start: string, name: string, command: string];

/** Maximum time of an answer, milliseconds; PowerShell takes a second to start, and more on a busy machine. */
const queryTimeoutMs = 10_000;

/** Time without a query after which PowerShell ends, milliseconds. It is longer than the pauses between two scans. */
const idleMs = 60_000;

/**
 * Lines that PowerShell executes once. `Format-Ascii` makes the output independent of the code page of the console. Each
 * answer is a row per process and an end, with the number of the query in front. Newlines would end a row. Where a policy
 * restricts the language, a script block cannot become a delegate, and the console cannot be called.
 */
const definitions = [
  `function Format-Ascii([string]$t) { ` +
    `if ($t -cnotmatch '[^\\t\\x20-\\x7e]|\\\\u[0-9a-f]{4}') { return $t }; ` +
    `-join @(foreach ($p in $t -csplit '([^\\t\\x20-\\x7e]|\\\\(?=u[0-9a-f]{4}))') { ` +
    `if ($p -cmatch '^([^\\t\\x20-\\x7e]|\\\\)$') { '\\u{0:x4}' -f [int][char]$p } else { $p } }) }`,
  `function Write-Text([string]$t) { try { [Console]::Out.WriteLine($t) } catch { $t } }`,
  `function Answer([int]$id, [string]$where) { try { ` +
    `$rows = @(Get-CimInstance -ErrorAction Stop -Query ('SELECT ProcessId, ParentProcessId, CreationDate, Name, ` +
    `CommandLine FROM Win32_Process' + $where) | Where-Object CreationDate | ForEach-Object { ` +
    `Format-Ascii (("{0}\`t{1}\`t{2}\`t{3}\`t{4}\`t{5}" -f $id, $_.ProcessId, $_.ParentProcessId, ` +
    `$_.CreationDate.ToUniversalTime().Ticks, $_.Name, $_.CommandLine) -replace '[\\r\\n]', ' ') }); ` +
    `Write-Text (($rows + "$id\`tend") -join "\`n") } ` +
    `catch { Write-Text (Format-Ascii ("$id\`terror\`t$_" -replace '[\\r\\n]', ' ')) } }`,
];

interface Pending {
  readonly rows: ProcessRow[];
  resolve(rows: readonly ProcessRow[]): void;
  reject(error: Error): void;
}

/**
 * Asks the system for its processes by one PowerShell process, which stays: its start takes about a second, a query a
 * tenth of that. It ends after a while without a query, and with this process.
 */
export class ProcessQueries {
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #count = 0;
  #rest = '';

  constructor(
    private readonly program = join(system32, 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    private readonly limits = { queryTimeoutMs, idleMs },
  ) {}

  /** Resolves with the processes that have one of the pids; with all without `pids`. Rejects when there is no answer. */
  async rows(pids?: readonly number[]): Promise<readonly ProcessRow[]> {
    if (pids?.length === 0) return [];
    const where = pids ? ` WHERE ${pids.map((pid) => `ProcessId = ${Math.trunc(pid)}`).join(' OR ')}` : '';
    const child = this.#started();
    const id = ++this.#count;
    clearTimeout(this.#idleTimer);
    const answer = new Promise<readonly ProcessRow[]>((resolve, reject) => {
      this.#pending.set(id, { rows: [], resolve, reject });
    });
    child.ref();
    child.stdin?.write(`Answer ${id} '${where}'\n`);
    const timer = setTimeout(
      () => this.#fail(child, `no answer within ${this.limits.queryTimeoutMs} ms`),
      this.limits.queryTimeoutMs,
    );
    return answer.finally(() => {
      clearTimeout(timer);
      this.#settle(id);
    });
  }

  /** Starts PowerShell unless it runs, so that the next query is answered sooner. */
  prepare(): void {
    this.#started();
    if (this.#pending.size === 0) this.#scheduleEnd();
  }

  /** Ends PowerShell. */
  end(): void {
    clearTimeout(this.#idleTimer);
    if (this.#child) this.#fail(this.#child, 'it was ended');
  }

  #started(): ChildProcess {
    this.#child ??= this.#start();
    return this.#child;
  }

  #start(): ChildProcess {
    // The commands come by standard input, and PowerShell ends with it.
    const options = ['-NoLogo', '-NoProfile', '-NonInteractive', '-InputFormat', 'Text', '-Command', '-'];
    const child = spawn(this.program, options, {
      // A process keeps its working folder from being removed, so it must not run in a folder of the user.
      cwd: system32,
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
      env: withoutModulePath(process.env),
    });
    this.#rest = '';
    child.once('error', ({ message }) => this.#fail(child, message));
    child.once('exit', (code) => this.#fail(child, `it ended with exit ${code}`));
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('latin1').on('data', (chunk: string) => this.#onData(child, chunk));
    child.stdin.write(`${definitions.join('\n')}\n`);
    // It keeps this process alive only while there is a query.
    child.unref();
    for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref?(): void }).unref?.();
    return child;
  }

  #onData(child: ChildProcess, chunk: string): void {
    if (this.#child !== child) return;
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line.replace(/\r$/, ''));
  }

  #onLine(line: string): void {
    const [id = '', ...fields] = line.split('\t');
    const pending = this.#pending.get(Number(id));
    if (!pending) return;
    const [first, second = ''] = fields;
    if (first === 'end') pending.resolve(pending.rows);
    else if (first === 'error')
      pending.reject(new Error(`The processes cannot be listed: ${unescaped(second)}`));
    else pending.rows.push(toRow(fields));
  }

  #settle(id: number): void {
    this.#pending.delete(id);
    const child = this.#child;
    if (this.#pending.size > 0 || !child) return;
    child.unref();
    this.#scheduleEnd();
  }

  #scheduleEnd(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.end(), this.limits.idleMs).unref();
  }

  /** Ends the process; the next query starts another one. */
  #fail(child: ChildProcess, reason: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    child.kill();
    for (const pending of this.#pending.values()) {
      pending.reject(new Error(`The processes cannot be listed by ${this.program}: ${reason}.`));
    }
  }
}

function toRow(fields: readonly string[]): ProcessRow {
  const [pid = '', parent = '', start = '', name = '', ...command] = fields;
  return [pid, parent, start, unescaped(name), unescaped(command.join('\t'))];
}

/** Decodes the characters that are no printable ASCII. */
function unescaped(text: string): string {
  return text.replaceAll(/\\u([\da-f]{4})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** A module path of PowerShell 7, in which the editor may have been started, keeps this one from finding its modules. */
function withoutModulePath(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^PSModulePath$/i.test(name)));
}
