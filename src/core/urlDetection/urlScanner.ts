import { parseLine } from './parseLine.js';
import { AnsiStripper } from './ansiStripper.js';
import { RepeatedUrl } from './repeatedUrl.js';
import { cutOffMark } from './links.js';

export { loopbackUrl } from './loopbackUrl.js';

/** A longer line is read in pieces that overlap by the second number, so that what one cuts is whole in the next. */
const maxLine = 8192;
const overlap = 512;

/** A colour, which may stand inside everything that is looked for, and what may stand between a word and its port. */
const colour = String.raw`\u001b\[[\d;:]*m`;
const separator = String.raw`(?:${colour}|[^\w\u001b\r\n])`;
/** What no line that matters is without. Most output has none of it, and finding that out costs next to nothing. */
const hint = new RegExp(
  [
    String.raw`:\/\/(?:${colour})*[01*+[:]`,
    'localhost',
    String.raw`ports?(?:\(s\))?(?: is| number)?${separator}{1,6}\d`,
    String.raw`\bon${separator}{1,6}\d`,
    String.raw`:(?:${colour})*(?:\d(?:${colour})*\d(?:${colour})*\d|80\b)`,
    String.raw`-nio2?-\d`,
    'dt_socket',
  ].join('|'),
  'gi',
);

/** A port that has all its digits in all likelihood, though nothing follows it. */
const endsWithPort = /(?<!\d)\d{4,5}$/;

/** How a link with a text of its own begins. */
const linkSequence = '\u001b]8;';

/**
 * Finds the addresses of this machine that a server announces in its output, which comes in pieces cut anywhere. A line
 * counts when it is whole, so that a URL cut inside its port is never reported short. Time is linear in the length of the
 * output, and memory is bounded.
 */
export class UrlScanner {
  readonly #announced = new Set<number>();
  readonly #others = new Set<number>();
  #line = '';
  /** The last whole line in which there was nothing. */
  #idleLine = '';

  /**
   * Ports that the output names as those of debuggers, live reload and the like, unless a server was announced on them:
   * whoever listens there is not the server.
   */
  get otherPorts(): ReadonlySet<number> {
    return new Set([...this.#others].filter((port) => !this.#announced.has(port)));
  }

  /**
   * The addresses announced by the lines that this piece completes, in their order, in normal form. When a server moves,
   * the last one is where it is. Longer paths of the same server may be left out where they follow each other.
   */
  push(chunk: string): string[] {
    const last = new RepeatedUrl();
    const found: string[] = [];
    const end = afterLastLineEnd(chunk);
    let from = 0;
    // Only the line that is finished here is joined: joining everything would copy the whole output once more.
    if (this.#line !== '' && end > 0) {
      from = lineEnd(chunk, 0, end) + 1;
      found.push(...this.#read(this.#line + chunk.slice(0, from), false, last));
    }
    if (end > from) found.push(...this.#read(chunk.slice(from, end), false, last));
    this.#line = end > 0 ? chunk.slice(end) : this.#line + chunk;
    if (this.#line.length > maxLine) {
      found.push(...this.#read(this.#line, true, last));
      this.#line = this.#line.slice(-overlap);
    }
    return found;
  }

  /** Takes what stands in the unfinished line as whole: for output that rests without a line end, as a prompt does. */
  flush(): string[] {
    const found: string[] = [];
    this.#readPiece(this.#line, (text) => !endsWithPort.test(text), found);
    return found;
  }

  /** Reads the lines in which there may be something; `isOpen` when the last one goes on behind the text. */
  #read(text: string, isOpen: boolean, last: RepeatedUrl): string[] {
    const found: string[] = [];
    let from = 0;
    for (let at = nextHint(text, 0); at !== -1;) {
      const repetition = last.endAround(text, at + 1);
      if (repetition === -1) {
        const before = found.length;
        from = this.#readAround(text, at, from, isOpen, found);
        if (found.length > before) last.set(found.at(-1) ?? '');
      }
      at = nextHint(text, Math.max(from, repetition));
    }
    return found;
  }

  /** Reads the line around a place, or a piece of it, and gives where to go on. */
  #readAround(text: string, at: number, from: number, isOpen: boolean, found: string[]): number {
    const start = lineStart(text, from, at);
    const end = lineEnd(text, at, start + maxLine);
    const isCut = end === text.length ? isOpen : !isLineEnd(text, end);
    for (const port of this.#readPiece(text.slice(start, end), () => isCut, found)) this.#others.add(port);
    return isCut && end < text.length ? end - overlap : end;
  }

  /** Adds the announced addresses to those found, and gives the ports of other things. */
  #readPiece(raw: string, isCut: (text: string) => boolean, found: string[]): readonly number[] {
    // What draws its progress writes the same line again and again.
    if (raw === this.#idleLine) return [];
    const text = new AnsiStripper().push(raw);
    const whole = isCut(text) ? text + cutOffMark : text;
    if (whole === raw) return this.#readWhole(raw, found);
    const before = found.length;
    const others = whole.split('\n').flatMap((line) => this.#readLine(line, found));
    if (found.length === before && raw.includes(linkSequence)) {
      this.#readLine(`${linkTargets(raw).join(' ')} ${whole}`, found);
    }
    return others;
  }

  #readWhole(line: string, found: string[]): readonly number[] {
    const before = found.length;
    const others = this.#readLine(line, found);
    if (found.length === before && others.length === 0) this.#idleLine = line;
    return others;
  }

  #readLine(line: string, found: string[]): readonly number[] {
    const { servers, otherPorts } = parseLine(line);
    for (const [url, port] of servers) {
      found.push(url);
      this.#announced.add(port);
    }
    return otherPorts;
  }
}

/** Where the next hint ends, which is in the line that it began in; -1 without one. */
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

/** Where the line around a place begins, or where it is divided when that is too far away. */
function lineStart(text: string, from: number, at: number): number {
  const farthest = Math.max(from, at - maxLine + overlap);
  let start = at;
  while (start > farthest && !isLineEnd(text, start - 1)) start -= 1;
  return start > farthest || start === from ? start : Math.max(from, at - overlap);
}

function lineEnd(text: string, at: number, limit: number): number {
  const farthest = Math.min(text.length, limit);
  let end = at;
  while (end < farthest && !isLineEnd(text, end)) end += 1;
  return end;
}

/** Where the links lead whose text is not their address. */
function linkTargets(raw: string): string[] {
  // oxlint-disable-next-line no-control-regex -- control characters delimit what is looked for
  const links = raw.matchAll(/\u001b\]8;[^;\u0007\u001b]*;(https?:[^\u0007\u001b]*)(?:\u0007|\u001b\\)/g);
  return [...links].map(([, target = '']) => target);
}
