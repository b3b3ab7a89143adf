import { AnsiStripper } from './ansiStripper.js';

/** A longer line is scanned in pieces that overlap by the second number. */
const longestLine = 8192;
const overlap = 512;

/** Lines of these words speak of a port that is not the server's. */
const notAnAnnouncement =
  /\bin use\b|EADDRINUSE|already|debugger|inspector|devtools|livereload|\bhmr\b|\bproxy|docs?\b/i;
const announces = /\b(?:listening|started|starting|running|serving|ready|available|stage|up)\b/i;
const portPhrase =
  /(?:\bport[ :=]{1,3}|\bon[ ]|(?:^|[\s(])(?:\*|localhost|127\.0\.0\.1|0\.0\.0\.0)?:)(\d{2,5})(?![\d.:/-])/i;

/**
 * Finds the addresses of this machine that a server announces in its output, which comes in pieces cut anywhere. A line
 * counts when it is whole, so that a URL cut inside its port is never reported short.
 */
export class UrlScanner {
  readonly #stripper = new AnsiStripper();
  #line = '';

  /** The addresses announced by the lines that this piece completes, in their order. */
  push(chunk: string): string[] {
    const found: string[] = [];
    const lines = (this.#line + this.#stripper.push(chunk)).split(/[\r\n]/);
    this.#line = lines.pop() ?? '';
    for (const line of lines) found.push(...announcedIn(line));
    while (this.#line.length > longestLine) {
      // Divided at a space, so that no URL is cut.
      const space = this.#line.lastIndexOf(' ', longestLine);
      const end = space > longestLine - overlap ? space : longestLine;
      found.push(...announcedIn(this.#line.slice(0, end)));
      this.#line = this.#line.slice(end - overlap);
    }
    return found;
  }

  /** Takes what stands in the unfinished line as whole: for output that rests without a line end, as a prompt does. */
  flush(): string[] {
    return announcedIn(this.#line);
  }
}

/** The addresses of this machine in one line without control sequences. */
function announcedIn(line: string): string[] {
  if (notAnAnnouncement.test(line.replaceAll(/https?:\/\/\S+/g, ''))) return [];
  const urls = urlsIn(line);
  if (urls.length > 0 || line.includes('://') || !announces.test(line)) return urls;
  const port = Number(portPhrase.exec(line)?.[1]);
  return port >= 1 && port <= 65_535 ? [`http://localhost:${port}/`] : [];
}

function urlsIn(line: string): string[] {
  const urls: string[] = [];
  for (let at = line.indexOf('://'); at !== -1; at = line.indexOf('://', at + 3)) {
    const scheme = /https?$/i.exec(line.slice(Math.max(0, at - 5), at))?.[0];
    const rest = /^[^\s"'`<>()\\^{|}│┃]{1,2048}/.exec(line.slice(at + 3, at + 2051))?.[0];
    const url = scheme && rest ? loopbackUrl(`${scheme}://${rest.replace(/[.,;:!?\]]+$/, '')}`) : undefined;
    if (url) urls.push(url);
  }
  return urls;
}

/**
 * The URL in its normal form if it is http(s) and leads to this machine, by name or by "all interfaces"; `undefined` for
 * every other one, so that no output can make us offer a link to somewhere else.
 */
export function loopbackUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = 'localhost';
  return isLoopback(url.hostname) ? url.href : undefined;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}
