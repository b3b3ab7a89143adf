import { trailingPort } from './portArguments.js';

/** A port that a server could not have. */
export interface AddressInUse {
  /** `undefined` when the server did not say which. */
  readonly port: number | undefined;
}

/** How runtimes and frameworks complain, in their own words and in those of POSIX, Windows and Docker. */
const complaint =
  /EADDRINUSE|AddrInUse|address (?:is )?already in use|port\b.*\b(?:is|was) (?:already )?in use|is port \d+ in use|port is already (?:in use|allocated)|already running (?:on|at) port|connection in use|only one usage of each socket address|WinError 10048/iu;

/** Those that take another port tell so; what they end of later is something else. */
const isSolved = /\b(?:trying|instead|switching|using (?:available|another))\b/iu;

/** What has the form of a port and is none: the time of day. */
const timeOfDay = /\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?/gu;

/** Where a complaint names the port: `port 3000`, `('127.0.0.1', 8000)`, `:::3000`. */
const places: readonly RegExp[] = [
  /\bport[ :=]+(\d{1,5})\b/iu,
  /['"], (\d{1,5})\)/u,
  /:(\d{1,5})(?:[\s),."'\]]|: |$)/u,
];

/**
 * Whether a server that has ended says among its last lines that somebody holds its port; `undefined` when it says
 * nothing of that kind.
 */
export function addressInUse(tail: readonly string[]): AddressInUse | undefined {
  const first = tail.findIndex((line) => complaint.test(line) && !isSolved.test(line));
  if (first === -1) return undefined;
  // Node prints the properties of the error below it, Flask and Bun a sentence with the port.
  const lines = tail.slice(first).filter((line) => complaint.test(line) || /^\s*port: \d+,?$/u.test(line));
  const ports = lines.map(portIn);
  return { port: ports.find((port) => port !== undefined) };
}

function portIn(line: string): number | undefined {
  const text = line.replaceAll(timeOfDay, '');
  for (const place of places) {
    const port = trailingPort(place.exec(text)?.[1] ?? '');
    if (port !== undefined) return port;
  }
  return undefined;
}
