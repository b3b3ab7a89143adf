import {
  announcesAddress,
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
  /** Ports of debuggers, live reload and similar tools, which are not the server's. */
  readonly otherPorts: readonly number[];
}

const nothing: Announcement = { servers: new Map(), otherPorts: [] };

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

/** Parses one line without control sequences. */
export function parseLine(line: string): Announcement {
  if (requestLogLine.test(line)) return nothing;
  const links = findLinks(line);
  const text = withLinksMarked(line, links);
  const hasLocal = links.some(({ local }) => local !== undefined);
  const textPort = hasLocal ? undefined : findPortInText(text);
  if (!hasLocal && textPort === undefined) return nothing;
  if (announcesOtherPort.test(text))
    return { servers: nothing.servers, otherPorts: otherPortsIn(links, textPort) };
  if (reportsFailure.test(text)) return nothing;
  if (textPort === undefined) return { servers: announcedServers(line, links), otherPorts: [] };
  if (!isAnnounced(text)) return nothing;
  return { servers: new Map([[`http://localhost:${textPort}/`, textPort]]), otherPorts: [] };
}

function announcedServers(line: string, links: readonly Link[]): ReadonlyMap<string, number> {
  const servers = new Map<string, number>();
  for (const { scheme, local, start } of links) {
    if (local === undefined || pointsToAnotherServer(line.slice(Math.max(0, start - 80), start))) continue;
    const url = linkUrl(scheme, local);
    if (url !== undefined) servers.set(url, local.port);
  }
  return servers;
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

function findPortInText(text: string): number | undefined {
  const [, ...groups] = portInText.exec(text) ?? [];
  const port = Number(groups.find((digits) => digits !== undefined));
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function isAnnounced(text: string): boolean {
  return announcesAddress.test(text) && !mentionsOtherService.test(text);
}

function pointsToAnotherServer(before: string): boolean {
  return pointsElsewhere.test(before) || variableAssignment.test(before);
}

function otherPortsIn(links: readonly Link[], textPort: number | undefined): number[] {
  const ports = links.flatMap(({ local }) => (local === undefined ? [] : [local.port]));
  return textPort === undefined ? ports : [...ports, textPort];
}
