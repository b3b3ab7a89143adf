import { loopbackUrl } from './loopbackUrl.js';

/** A word with `://` in a line of output. */
export interface Link {
  /** Where it begins and ends in the line. */
  readonly start: number;
  readonly end: number;
  /** In lower case. */
  readonly scheme: string;
  /** Where it leads, if that is this machine. */
  readonly local: LocalAddress | undefined;
}

interface LocalAddress {
  readonly host: string;
  /** As written, or else the usual one for http(s); 0 where neither tells it. */
  readonly port: number;
  /** What follows host and port. */
  readonly tail: string;
}

/** Stands at the end of text of which more is to come: what touches it may be cut off and is not taken. */
export const cutOffMark = '\u0000';

/** A line with more links is a listing, and no announcement stands at its end. */
const maxLinks = 50;

const maxScheme = 16;

/** How a host of this machine begins; most links end here. */
const mayBeLocal = /(?:[a-z\d-]+\.)*localhost|[01*+[:]|127\./iy;

/** A host and its port. Careless programs put an IPv6 address without brackets, or nothing, for the host. */
const authority = /(\[[\dA-Fa-f:.]+\]|::1?(?=:\d)|[A-Za-z\d.*+-]*)(?::(\d{1,5}))?/y;

/** To the next white space, quote, bracket, box line or other character outside ASCII. */
const linkRest = /(?:\[[\dA-Fa-f:.]*\])?[!#$%&*+./\d:=?@A-Z_a-z~-]*/y;

/** What may follow a port, and a host without one; anything else, such as `@`, makes another host of it. */
const afterPort = /^(?![\w@%-]|\.\w)/;
const afterHost = /^(?:$|[/?#]|[!*.]+$)/;

const localHost = /^(?:(?:[a-z\d-]+\.)*localhost|0|0\.0\.0\.0|127(?:\.\d+)*|\[.*\])$/i;

/** What stands for "all interfaces" where a host should be, and the loopback address without its brackets. */
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

/** What `loopbackUrl` would leave as it is, which is most addresses and quicker to find out. */
const normalForm =
  /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):(?:(?!443\/)[1-9]\d{2,3}|[1-5]\d{4})\/(?:[\w~!$&*+,;=:@?/-]|(?<!\/)\.)*$/;

const defaultPorts: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** All links of a line, in their order. A link inside another one, as in its query, is a part of that one. */
export function findLinks(line: string): Link[] {
  const links: Link[] = [];
  for (let at = line.indexOf('://'); at !== -1 && links.length < maxLinks;) {
    const start = schemeStart(line, at);
    linkRest.lastIndex = at + 3;
    linkRest.test(line);
    const end = linkRest.lastIndex;
    const scheme = line.slice(start, at).toLowerCase();
    // Puma's `tcp://` says no more than the host and port behind it.
    if (scheme !== 'tcp') links.push({ start, end, scheme, local: localAddress(scheme, line, at + 3, end) });
    at = line.indexOf('://', end);
  }
  return links;
}

function schemeStart(line: string, end: number): number {
  let start = end;
  while (end - start < maxScheme && isLetter(line.charCodeAt(start - 1))) start -= 1;
  return start;
}

function isLetter(code: number): boolean {
  const lowerCase = code | 32;
  return lowerCase >= 97 && lowerCase <= 122;
}

/** The normal form of a link to this machine; `undefined` for schemes other than http(s) and for impossible ports. */
export function linkUrl(scheme: string, { host, port, tail }: LocalAddress): string | undefined {
  if ((scheme !== 'http' && scheme !== 'https') || port === 0) return undefined;
  const path = /^[/?#]/.test(tail) ? tail.replace(/[.:!?*_~]+$/, '') : '';
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
  // A full stop behind a name without a port ends the sentence.
  return digits === undefined ? written.replace(/\.+$/, '') : (hostNames[written] ?? written);
}

/** Whether host and port end where the link says they do. */
function isCompleteAuthority(digits: string | undefined, tail: string, next: string): boolean {
  if (tail === '' && next === cutOffMark) return false;
  if (digits !== undefined) return afterPort.test(tail);
  // A letter beyond ASCII right behind a name may belong to it: `localhost` may be the beginning of a foreign host.
  return afterHost.test(tail) && !(tail === '' && /\p{L}/u.test(next));
}
