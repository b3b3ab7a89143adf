import {
  announcesAddress,
  claimsAddress,
  clauseEnd,
  clauseStart,
  isAboutItself,
  localLabel,
  variableAssignment,
  pointsElsewhere,
  linkMark,
  reportsFailure,
  mentionsOtherService,
  announcesOtherPort,
  requestLogLine,
} from './patterns.js';
import { findLinks, linkUrl, type Link } from './links.js';

/** Ports of this machine that a line of output announces. */
export interface Announcement {
  /** Announced URLs with their ports, in the order of the line. */
  readonly servers: ReadonlyMap<string, number>;
  /** The announced ports that the line says the server itself listens on; a line may also mention other servers. */
  readonly claimedPorts: readonly number[];
  /** The announced ports in sentences about the server itself. */
  readonly ownPorts: readonly number[];
  /** The announced ports with the label `Local`. */
  readonly localPorts: readonly number[];
  /** Announced URLs whose host has a name other than `localhost`, which may lead to this machine. */
  readonly namedUrls: readonly string[];
  /** Ports of debuggers, live reload and similar tools, which are not the server's. */
  readonly otherPorts: readonly number[];
}

const nothing: Announcement = {
  servers: new Map(),
  claimedPorts: [],
  ownPorts: [],
  localPorts: [],
  namedUrls: [],
  otherPorts: [],
};

/** A URL with a host name and a port, and without user information. */
const namedAddress = /^https?:\/\/[a-z][a-z\d-]*(?:\.[a-z\d-]+)*:\d{2,5}(?:\/[^\s@]*)?$/i;

const host = String.raw`(?:\*|localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\]|::1?|\[?0(?::0){7}\]?)`;
/** Excludes a longer number, a time, a date, a version, a range, a size and the inner port of a container. */
const numberEnd = String.raw`(?![\w\u0000]|[.:/,-]\d|->| ?(?:ms|s|secs?|seconds?|min|minutes?|[kmg]i?b|%|cores?|cpus?|threads?|workers?)\b)`;
const portInText = new RegExp(
  [
    String.raw`(?<![-\w])ports?(?:\(s\))?(?: is| number)?["'${'`'}\s:=#]{1,4}(\d{2,5})${numberEnd}`,
    String.raw`\bon[\s:]{1,3}(\d{4,5}|443|80)${numberEnd}`,
    String.raw`(?:^|[\s("'=[{/@,>])${host}:(\d{2,5})${numberEnd}`,
    String.raw`(?:^|[\s([{=]|[:=] ?["']):(\d{2,5})${numberEnd}`,
    String.raw`-nio2?-(\d{2,5})${numberEnd}`,
    String.raw`\bdt_socket at address: (?:\*:)?(\d{2,5})${numberEnd}`,
  ].join('|'),
  'i',
);

/** A port in a line without links, and where the line names it. */
interface TextPort extends Position {
  readonly port: number;
}

/** Offsets in a line; the end is exclusive. */
interface Position {
  readonly start: number;
  readonly end: number;
}

/** Parses one line without control sequences. */
export function parseLine(line: string): Announcement {
  if (requestLogLine.test(line)) return nothing;
  const links = findLinks(line);
  const text = withLinksMarked(line, links);
  const hasLocal = links.some(({ local }) => local !== undefined);
  const textPort = hasLocal ? undefined : findPortInText(text);
  if (!hasLocal && textPort === undefined)
    return { ...nothing, namedUrls: announcedNames(line, text, links) };
  if (announcesOtherPort.test(text)) return { ...nothing, otherPorts: otherPortsIn(links, textPort) };
  const isSuspect = reportsFailure.test(text);
  if (textPort === undefined) return announcedLinks(line, text, links, isSuspect);
  return announcedTextPort(text, textPort, isSuspect);
}

/** With `isSuspect`, the line reports a failure, and a link counts only if its clause does not. */
function announcedLinks(
  line: string,
  text: string,
  links: readonly Link[],
  isSuspect: boolean,
): Announcement {
  const servers = new Map<string, number>();
  const claimedPorts: number[] = [];
  const ownPorts: number[] = [];
  const localPorts: number[] = [];
  let mark = -1;
  for (const { scheme, local, start } of links) {
    mark = text.indexOf(linkMark, mark + 1);
    if (local === undefined || pointsToAnotherServer(line.slice(Math.max(0, start - 80), start))) continue;
    const position = { start: mark, end: mark + linkMark.length };
    if (isSuspect && reportsFailure.test(clauseAround(text, position))) continue;
    const url = linkUrl(scheme, local);
    if (url === undefined) continue;
    servers.set(url, local.port);
    const before = clauseBefore(text, position);
    if (claimsAddress.test(before)) claimedPorts.push(local.port);
    if (isAboutItself.test(before)) ownPorts.push(local.port);
    if (localLabel.test(before)) localPorts.push(local.port);
  }
  return { ...nothing, servers, claimedPorts, ownPorts, localPorts };
}

function announcedTextPort(text: string, textPort: TextPort, isSuspect: boolean): Announcement {
  const { port } = textPort;
  const clause = clauseAround(text, textPort);
  if ((isSuspect && reportsFailure.test(clause)) || !announcesAddress.test(text)) return nothing;
  if (mentionsOtherService.test(clause)) return nothing;
  return {
    ...nothing,
    servers: new Map([[`http://localhost:${port}/`, port]]),
    claimedPorts: claimsAddress.test(clause) ? [port] : [],
    ownPorts: isAboutItself.test(clauseBefore(text, textPort)) ? [port] : [],
  };
}

/** Returns the links to hosts with a name and a port. Only the system can tell where they lead. */
function announcedNames(line: string, text: string, links: readonly Link[]): string[] {
  const named = links.filter(({ start, end }) => namedAddress.test(line.slice(start, end)));
  if (named.length === 0 || reportsFailure.test(text)) return [];
  return named
    .filter(({ start }) => !pointsToAnotherServer(line.slice(Math.max(0, start - 80), start)))
    .map(({ start, end }) => line.slice(start, end));
}

/** Returns the part of the line that describes an address: words before a full stop belong to another statement. */
function clauseAround(text: string, position: Position): string {
  clauseEnd.lastIndex = position.end;
  const end = clauseEnd.exec(text)?.index ?? text.length;
  return clauseBefore(text, position) + text.slice(position.start, end);
}

function clauseBefore(text: string, { start }: Position): string {
  const before = text.slice(0, start);
  return before.slice(clauseStart.exec(before)?.[0].length ?? 0);
}

/** Returns the line with each link replaced by one mark. */
function withLinksMarked(line: string, links: readonly Link[]): string {
  let text = '';
  let end = 0;
  for (const link of links) {
    text += line.slice(end, link.start) + linkMark;
    end = link.end;
  }
  return text + line.slice(end);
}

function findPortInText(text: string): TextPort | undefined {
  const found = portInText.exec(text);
  const digits = found?.slice(1).find((group) => group !== undefined);
  const port = Number(digits);
  if (!found || !(port >= 1 && port <= 65_535)) return undefined;
  return { port, start: found.index, end: found.index + found[0].length };
}

function pointsToAnotherServer(before: string): boolean {
  return pointsElsewhere.test(before) || variableAssignment.test(before);
}

function otherPortsIn(links: readonly Link[], textPort: TextPort | undefined): number[] {
  const ports = links.flatMap(({ local }) => (local === undefined ? [] : [local.port]));
  return textPort === undefined ? ports : [...ports, textPort.port];
}
