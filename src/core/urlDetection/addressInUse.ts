import { AnsiStripper } from './ansiStripper.js';

/** The complaint of a server about a port. */
export interface AddressInUse {
  /** `undefined` when the server does not name it. */
  readonly port: number | undefined;
  /** The server asks in its terminal whether it may use another port, and waits for the answer. */
  readonly isQuestion?: true;
  /** A task runner has put the name of a task before the complaint, so other tasks may go on. */
  readonly isOfTask?: true;
}

/**
 * Every complaint contains one of these. Most output contains none, and two expressions of plain text find that several
 * times faster than one.
 */
const hints: readonly RegExp[] = [
  /n use|eing used|DDRINUSE|ddrinuse|ot available|lready|nly one usage|10048|listen EACCES|forbidden by its|10013/,
  /\b[Pp]ort(?: ["']?\d| taken| is taken| in range|\(s\)|': )/,
];

/** Complaints of runtimes and frameworks, in their own words and in those of POSIX, Windows and Docker. */
const complaint = anyOf(
  'EADDRINUSE|AddrInUse|address (?:is )?already in use|connection in use',
  String.raw`port\b.*\b(?:is|was|already) (?:already |currently |being )?(?:in use|used)|is port \d+ in use`,
  String.raw`port \d+ is not available|\d+ is already in use`,
  'port is already (?:in use|allocated)|already running (?:on|at) port',
  String.raw`port may already be in use|port(?:\(s\))? (?:\d+ )?already bound|port (?:is )?taken`,
  String.raw`port ["']?\d+["']? could not be used|port \d+ is not open on|port \d+ is running .{1,200} in another window`,
  String.raw`(?:can(?:no|')t|could(?: not|n't)|unable to|failed to) (?:bind to|listen on|acquire required) (?:the )?["']?port\b`,
  String.raw`cannot find (?:an )?(?:empty|free|open|available) port in range`,
  // Rails, when it finds its pid file.
  String.raw`\ba server is already running\b`,
  String.raw`port (?:\d+ )?in use|only one usage of each socket address|(?:Win|Err)\w+ 10048`,
  // A port that Windows has reserved or that a program uses exclusively. Ports of fewer digits may need privileges.
  String.raw`listen EACCES\b.*:\d{4,5}\b|a socket in a way forbidden by its access permissions|(?:Win|Err)\w+ 10013`,
);

/** A message that the server uses another port instead. */
const isSolved =
  /\b(?:trying|instead|switching|picked|retrying|using (?:available|another|alternative|port))\b/i;

/** A question with which a server offers to use another port, in the line of its complaint. */
const isQuestion =
  /\b(?:would you like|do you want|should we|use (?:port )?\d+ instead|use (?:a different|another) port)\b.*\?/i;

/** Ports that a server can do without, such as a debugger's. */
const isSecondary =
  /\b(?:inspector|debugg?(?:er|ing)?|hmr|web ?sockets?|live ?reload\w*|metrics|prometheus|dev ?tools|udp|quic)\b/i;

/**
 * The beginning of a line of a task: `[api] ` of concurrently, `api:dev: ` of turbo, `apps/api dev: ` of pnpm, `api: ` of
 * lerna.
 */
const taskPrefix =
  /^(?:\[[\w@/.:-]{1,60}\] |[\w@/.-]{1,60}:[\w.-]{1,60}: |\S{0,60}[/.]\S{0,60} [\w:.-]{1,60}: |[\w@/-]{1,60}: (?=\s|\w*Error\b))/;

/** The same of foreman and Docker Compose: `12:30:01 api.1 | `. */
const columnPrefix = /^(?:\d\d:\d\d:\d\d )?[A-Za-z][\w.-]{0,60} {0,20}\| /;

/** The beginning of an error, a level or a time, which looks like a task's name. */
const noTask =
  /^\W?(?:[\w.:]*(?:error|exception|uncaught|unhandled|warn(?:ing)?|fatal|panic|fail(?:ed|ure)?|critical|info|debug|listen|bind|port|address|errno|exit)\b|E[A-Z]{3,}\b|\d{3,}|\d+[:.T-])/i;

/** Names of files and the time of day contain numbers that look like ports. */
const otherNumbers = /\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?/g;

/**
 * Positions of the port in a complaint: `port 3000`, `port in range: 7860`, `'port': '8888'`, `('127.0.0.1', 8000)`,
 * `:::3000`, `8080 is already in use`.
 */
const portPositions: readonly RegExp[] = [
  /\bport(?:\(s\))?(?: already bound| in range)?["' :=]+(\d{1,5})\b/i,
  /['"], (\d{1,5})\)/,
  /:(\d{1,5})(?:[\s),."'\]]|: |$)/,
  /\b(\d{2,5}) is already in use\b/i,
];

/** Node prints the properties of the error in lines of their own, each after the prefix of a task runner. */
const portProperty = /(?:^|[\s\]|>:])port: (\d{1,5}),?$/;

/** Number of lines after a complaint within which its port may be named. */
const maxPropertyLines = 20;

/** A longer line is cut, and a longer unfinished one is dropped. */
const maxLineLength = 4096;

/** Returns the complaint of a server that has ended; `undefined` if it ended for another reason. */
export function complaintAtEnd(
  end: { readonly tail: readonly string[]; readonly addressInUse?: AddressInUse } | undefined,
): AddressInUse | undefined {
  return end?.addressInUse ?? addressInUse(end?.tail ?? []);
}

/** Finds a complaint about a port in use in the last lines of a server; `undefined` if there is none. */
export function addressInUse(tail: readonly string[]): AddressInUse | undefined {
  const scanner = new ComplaintScanner();
  scanner.push(tail.map((line) => `${line}\n`).join(''));
  return scanner.complaint;
}

/**
 * Finds complaints about a port in use in output that arrives in arbitrary chunks. Time is linear in the length of the
 * output, and memory is bounded.
 */
export class ComplaintScanner {
  #complaint: AddressInUse | undefined;
  #line = '';
  /** Number of lines in which the port of the complaint may follow. */
  #propertyLines = 0;

  /** The last complaint. */
  get complaint(): AddressInUse | undefined {
    return this.#complaint;
  }

  /** Forgets the complaint: the server has recovered. */
  clear(): void {
    this.#complaint = undefined;
    this.#propertyLines = 0;
  }

  /** Returns whether the lines that this chunk completes changed the complaint. */
  push(chunk: string): boolean {
    const end = Math.max(chunk.lastIndexOf('\n'), chunk.lastIndexOf('\r')) + 1;
    const isRead =
      this.#propertyLines > 0 ||
      hasHint(chunk) ||
      (this.#line !== '' && hasHint(this.#line + chunk.slice(0, maxLineLength)));
    const isChanged = isRead && end > 0 && this.#readLines(this.#line + chunk.slice(0, end));
    this.#line = (end === 0 ? this.#line + chunk : chunk.slice(end)).slice(-maxLineLength);
    return isChanged;
  }

  /** Reads the unfinished line too: for output that pauses without a line end, such as a question. */
  flush(): boolean {
    return hasHint(this.#line) && this.#readLines(this.#line);
  }

  #readLines(text: string): boolean {
    const before = this.#complaint;
    for (const line of text.split(/[\r\n]+/)) {
      if (this.#propertyLines > 0 || hasHint(line)) this.#readLine(plain(line));
    }
    return this.#complaint !== before;
  }

  #readLine(line: string): void {
    if (complaint.test(line) && !isSecondary.test(line)) return this.#complain(line);
    if (this.#propertyLines === 0) return;
    this.#propertyLines -= 1;
    const port = validPort(portProperty.exec(line)?.[1]);
    if (port === undefined) return;
    this.#complaint = { ...this.#complaint, port };
    this.#propertyLines = 0;
  }

  #complain(line: string): void {
    const asks = isQuestion.test(line);
    if (isSolved.test(line) && !asks) return this.clear();
    // A sentence with the port may follow one without.
    const port = portIn(line) ?? (this.#propertyLines > 0 ? this.#complaint?.port : undefined);
    const isOfTask = columnPrefix.test(line) || (taskPrefix.test(line) && !noTask.test(line));
    this.#complaint = { port, ...(asks && { isQuestion: true }), ...(isOfTask && { isOfTask: true }) };
    this.#propertyLines = maxPropertyLines;
  }
}

function hasHint(text: string): boolean {
  return hints.some((hint) => hint.test(text));
}

function plain(line: string): string {
  return new AnsiStripper().push(line.slice(0, maxLineLength)).trimEnd();
}

function portIn(line: string): number | undefined {
  const text = line.replaceAll(otherNumbers, '');
  for (const position of portPositions) {
    const port = validPort(position.exec(text)?.[1]);
    if (port !== undefined) return port;
  }
  return undefined;
}

function validPort(digits: string | undefined): number | undefined {
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function anyOf(...parts: readonly string[]): RegExp {
  return new RegExp(parts.join('|'), 'i');
}
