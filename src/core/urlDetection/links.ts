import { loopbackUrl } from './loopbackUrl.js';

/** A word with `://` in a line of output. */
export interface Link {
  /** Offsets in the line; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Lower case. */
  readonly scheme: string;
  /** Address, if it is on this machine. */
  readonly local: LocalAddress | undefined;
}

interface LocalAddress {
  readonly host: string;
  /** As written, or the default of http(s); 0 if neither is known. */
  readonly port: number;
  /** Text after host and port. */
  readonly tail: string;
}

/** Marks the end of an incomplete text: an address that touches it may be cut off and is ignored. */
export const cutOffMark = '\u0000';

/** A line with more links is a listing, and does not end with an announcement. */
const maxLinks = 50;

const maxSchemeLength = 16;

/** Beginning of a local host; rejects most links. */
const mayBeLocal = /(?:[a-z\d-]{1,63}\.){0,9}localhost|[01*+[:]|127\./iy;

/** A host and its port. Some programs print an IPv6 address without brackets, or no host. */
const authority = /(\[[\dA-Fa-f:.]+\]|::1?(?=:\d)|[A-Za-z\d.*+-]*)(?::(\d{1,5}))?/y;

/** Up to the next white space, quote, bracket, box-drawing or other non-ASCII character. */
const linkRest = /(?:\[[\dA-Fa-f:.]*\])?[!#$%&*+./\d:=?@A-Z_a-z~-]*/y;

/** Text that may follow a port, and a host without one; any other, such as `@`, makes it a different host. */
const afterPort = /^(?![\w@%-]|\.\w)/;
const afterHost = /^(?:$|[/?#]|[!*.]+$)/;

const localHost = /^(?:(?:[a-z\d-]+\.)*localhost|0|0\.0\.0\.0|127(?:\.\d+)*|\[.*\])$/i;

/** Hosts that mean "all interfaces", and the loopback address without its brackets. */
const hostNames: Readonly<Record<string, string>> = {
  '': 'localhost',
  '*': 'localhost',
  '+': 'localhost',
  '0': 'localhost',
  '0.0.0.0': 'localhost',
  '::': 'localhost',
  '[::]': 'localhost',
  '::1': '[::1]',
};

/** URLs that `loopbackUrl` returns unchanged. Most are, and this test is faster. */
const normalForm =
  /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):(?:(?!443\/)[1-9]\d{2,3}|[1-5]\d{4})\/(?:[\w~!$&*+,;=:@?/-]|(?<!\/)\.)*$/;

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Returns all links of a line, in their order. A link inside another one, as in its query, is part of that one. */
export function findLinks(line: string): Link[] {
  const links: Link[] = [];
  for (let at = line.indexOf('://'); at !== -1 && links.length < maxLinks;) {
    const start = schemeStart(line, at);
    linkRest.lastIndex = at + 3;
    linkRest.test(line);
    const end = linkRest.lastIndex;
    const scheme = line.slice(start, at).toLowerCase();
    // Puma's `tcp://` adds nothing to the host and port after it.
    if (scheme !== 'tcp') links.push({ start, end, scheme, local: localAddress(scheme, line, at + 3, end) });
    at = line.indexOf('://', end);
  }
  return links;
}

function schemeStart(line: string, end: number): number {
  let start = end;
  while (end - start < maxSchemeLength && isLetter(line.charCodeAt(start - 1))) start -= 1;
  return start;
}

function isLetter(code: number): boolean {
  const lowerCase = code | 32;
  return lowerCase >= 97 && lowerCase <= 122;
}

/** Returns the normal form of a link to this machine; `undefined` for schemes other than http(s) and invalid ports. */
export function linkUrl(scheme: string, { host, port, tail }: LocalAddress): string | undefined {
  if ((scheme !== 'http' && scheme !== 'https') || port === 0) return undefined;
  const path = /^[/?#]/.test(tail) ? tail.replace(/[.:!?*_~]{1,99}$/, '') : '';
  const text = `${scheme}://${host}:${port}${path === '' ? '/' : path}`;
  return normalForm.test(text) ? text : loopbackUrl(text);
}

function localAddress(scheme: string, line: string, from: number, end: number): LocalAddress | undefined {
  mayBeLocal.lastIndex = from;
  if (!mayBeLocal.test(line)) return undefined;
  authority.lastIndex = from;
  const [whole = '', written = '', digits] = authority.exec(line) ?? [];
  const host = normalizeHost(written, digits);
  const tail = line.slice(from + whole.length, end);
  if (!localHost.test(host) || !isCompleteAuthority(digits, tail, line.charAt(end))) return undefined;
  return { host, port: Number(digits ?? defaultPorts[scheme] ?? 0), tail };
}

function normalizeHost(written: string, digits: string | undefined): string {
  // A full stop after a name without a port ends the sentence.
  return digits === undefined ? written.replace(/\.{1,99}$/, '') : (hostNames[written] ?? written);
}

/** Returns whether host and port are complete in front of `tail`. */
function isCompleteAuthority(digits: string | undefined, tail: string, next: string): boolean {
  if (tail === '' && next === cutOffMark) return false;
  if (digits !== undefined) return afterPort.test(tail);
  // A non-ASCII letter right after a name may belong to it: `localhost` may be the beginning of a foreign host.
  return afterHost.test(tail) && !(tail === '' && /\p{L}/u.test(next));
}
