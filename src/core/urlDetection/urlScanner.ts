import { parseLine } from './parseLine.js';
import { AnsiStripper } from './ansiStripper.js';
import { RepeatedUrl } from './repeatedUrl.js';
import { cutOffMark } from './links.js';

export { loopbackUrl } from './loopbackUrl.js';

/** A longer line is parsed in pieces, which overlap, so that a URL that one piece cuts is whole in the next. */
const maxLineLength = 8192;
const overlapLength = 512;

/** Maximum number of URLs with the name of a host that are kept. */
const maxNamedUrls = 20;

/** A color, which may occur anywhere within a match, and the separators between a word and its port. */
const color = String.raw`\u001b\[[\d;:]*m`;
const separator = String.raw`(?:${color}|[^\w\u001b\r\n])`;
/** Every relevant line contains a hint. Most output has none, and this test is cheap. */
const hint = new RegExp(
  [
    String.raw`:\/\/(?:${color})*[01*+[:]`,
    'localhost',
    String.raw`ports?(?:\(s\))?(?: is| number)?${separator}{1,6}\d`,
    String.raw`\bon${separator}{1,6}\d`,
    String.raw`:(?:${color})*(?:\d(?:${color})*\d(?:${color})*\d|80\b)`,
    String.raw`-nio2?-\d`,
    'dt_socket',
  ].join('|'),
  'gi',
);

/** A port at the end of the text that probably has all its digits. */
const endsWithPort = /(?<!\d)\d{4,5}$/;

/** Beginning of a hyperlink sequence (OSC 8), whose text may differ from its target. */
const linkSequence = '\u001b]8;';

/** Statements of a server about ports. */
export interface ScannedPorts {
  /** Ports that it claims as its own. */
  readonly claimed: ReadonlySet<number>;
  /** The port of its last sentence about itself, such as `Starting development server at`. */
  readonly lastOwn: number | undefined;
  /** Ports with the label `Local`, which tools for pages give them. */
  readonly local: ReadonlySet<number>;
  /** Announced URLs whose host has a name that may lead to this machine. */
  readonly namedUrls: ReadonlySet<string>;
  /**
   * Ports of debuggers, live reload and similar tools, unless the output also announced a server on them. A listener on
   * one of these ports is not the server.
   */
  readonly others: ReadonlySet<number>;
}

/**
 * Finds the URLs on this machine that a server announces in output that arrives in arbitrary chunks. Only complete
 * lines are parsed, so that no URL is reported with a truncated port. Time is linear in the length of the output, and
 * memory is bounded.
 */
export class UrlScanner {
  readonly #announced = new Set<number>();
  readonly #claimed = new Set<number>();
  #lastOwn: number | undefined;
  readonly #local = new Set<number>();
  readonly #others = new Set<number>();
  readonly #namedUrls = new Set<string>();
  #line = '';
  /** The last complete line without a result. */
  #lastEmptyLine = '';

  /** Statements in the output so far. */
  get ports(): ScannedPorts {
    return {
      claimed: this.#claimed,
      lastOwn: this.#lastOwn,
      local: this.#local,
      namedUrls: this.#namedUrls,
      others: new Set([...this.#others].filter((port) => !this.#announced.has(port))),
    };
  }

  /**
   * Returns the URLs announced by the lines that this chunk completes, in their order and normal form. If a server
   * moves, the last one is current. Consecutive longer paths of the same server may be omitted.
   */
  push(chunk: string): string[] {
    const lastUrl = new RepeatedUrl();
    const found: string[] = [];
    const end = afterLastLineEnd(chunk);
    let from = 0;
    // Join only the line that ends here: joining the whole chunk would copy all output once more.
    if (this.#line !== '' && end > 0) {
      from = lineEnd(chunk, 0, end) + 1;
      found.push(...this.#read(this.#line + chunk.slice(0, from), false, lastUrl));
    }
    if (end > from) found.push(...this.#read(chunk.slice(from, end), false, lastUrl));
    this.#line = end > 0 ? chunk.slice(end) : this.#line + chunk;
    if (this.#line.length > maxLineLength) {
      found.push(...this.#read(this.#line, true, lastUrl));
      this.#line = this.#line.slice(-overlapLength);
    }
    return found;
  }

  /** Parses the unfinished line as a complete one: for output that pauses without a line end, such as a prompt. */
  flush(): string[] {
    const found: string[] = [];
    this.#readPiece(this.#line, (text) => !endsWithPort.test(text), found);
    return found;
  }

  /** Parses the lines with a hint. With `isOpen` the last line continues after the text. */
  #read(text: string, isOpen: boolean, lastUrl: RepeatedUrl): string[] {
    const found: string[] = [];
    let from = 0;
    for (let at = nextHint(text, 0); at !== -1;) {
      const repetitionEnd = lastUrl.endAround(text, at + 1);
      if (repetitionEnd === -1) {
        const before = found.length;
        from = this.#readAround(text, at, from, isOpen, found);
        if (found.length > before) lastUrl.set(found.at(-1) ?? '');
      }
      at = nextHint(text, Math.max(from, repetitionEnd));
    }
    return found;
  }

  /** Parses the line around an offset, or a piece of it. Returns the offset at which to continue. */
  #readAround(text: string, at: number, from: number, isOpen: boolean, found: string[]): number {
    const start = lineStart(text, from, at);
    const end = lineEnd(text, at, start + maxLineLength);
    const isCut = end === text.length ? isOpen : !isLineEnd(text, end);
    for (const port of this.#readPiece(text.slice(start, end), () => isCut, found)) this.#others.add(port);
    return isCut && end < text.length ? end - overlapLength : end;
  }

  /** Adds the announced URLs to `found`, and returns the ports of other tools. */
  #readPiece(raw: string, isCut: (text: string) => boolean, found: string[]): readonly number[] {
    // A progress indicator writes the same line repeatedly.
    if (raw === this.#lastEmptyLine) return [];
    const text = new AnsiStripper().push(raw);
    const marked = isCut(text) ? text + cutOffMark : text;
    if (marked === raw) return this.#readWhole(raw, found);
    const before = found.length;
    const others = marked.split('\n').flatMap((line) => this.#readLine(line, found));
    if (found.length === before && raw.includes(linkSequence)) {
      this.#readLine(`${linkTargets(raw).join(' ')} ${marked}`, found);
    }
    return others;
  }

  #readWhole(line: string, found: string[]): readonly number[] {
    const before = found.length;
    const others = this.#readLine(line, found);
    if (found.length === before && others.length === 0) this.#lastEmptyLine = line;
    return others;
  }

  #readLine(line: string, found: string[]): readonly number[] {
    const { servers, claimedPorts, ownPorts, localPorts, namedUrls, otherPorts } = parseLine(line);
    for (const [url, port] of servers) {
      found.push(url);
      this.#announced.add(port);
    }
    for (const port of claimedPorts) this.#claimed.add(port);
    this.#lastOwn = ownPorts.at(-1) ?? this.#lastOwn;
    for (const port of localPorts) this.#local.add(port);
    for (const url of namedUrls) if (this.#namedUrls.size < maxNamedUrls) this.#namedUrls.add(url);
    return otherPorts;
  }
}

/** Returns the last offset of the next hint, which never spans lines; -1 if there is none. */
function nextHint(text: string, from: number): number {
  hint.lastIndex = from;
  return hint.test(text) ? hint.lastIndex - 1 : -1;
}

function afterLastLineEnd(text: string): number {
  const lineFeed = text.lastIndexOf('\n') + 1;
  return lineFeed + text.slice(lineFeed).lastIndexOf('\r') + 1;
}

function isLineEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}

/** Returns the start of the line around an offset, or the start of its piece if the line is too long. */
function lineStart(text: string, from: number, at: number): number {
  const farthest = Math.max(from, at - maxLineLength + overlapLength);
  let start = at;
  while (start > farthest && !isLineEnd(text, start - 1)) start -= 1;
  return start > farthest || start === from ? start : Math.max(from, at - overlapLength);
}

function lineEnd(text: string, at: number, limit: number): number {
  const farthest = Math.min(text.length, limit);
  let end = at;
  while (end < farthest && !isLineEnd(text, end)) end += 1;
  return end;
}

/** Returns the targets of hyperlink sequences. */
function linkTargets(raw: string): string[] {
  // oxlint-disable-next-line no-control-regex -- control characters delimit the sequence
  const links = raw.matchAll(/\u001b\]8;[^;\u0007\u001b]*;(https?:[^\u0007\u001b]*)(?:\u0007|\u001b\\)/g);
  return [...links].map(([, target = '']) => target);
}
