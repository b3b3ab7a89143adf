import { trailingPort } from './portArguments.js';

/** The complaint of a server about a port. */
export interface AddressInUse {
  /** `undefined` when the server does not name it. */
  readonly port: number | undefined;
}

/** Complaints of runtimes and frameworks, in their own words and in those of POSIX, Windows and Docker. */
const complaint =
  /EADDRINUSE|AddrInUse|address (?:is )?already in use|port\b.*\b(?:is|was) (?:already )?in use|is port \d+ in use|port is already (?:in use|allocated)|already running (?:on|at) port|connection in use|only one usage of each socket address|WinError 10048/iu;

/** A server that uses another port instead says so; its end has a different cause. */
const isSolved = /\b(?:trying|instead|switching|using (?:available|another))\b/iu;

/** The time of day looks like a port. */
const timeOfDay = /\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?/gu;

/** Positions of the port in a complaint: `port 3000`, `('127.0.0.1', 8000)`, `:::3000`. */
const portPositions: readonly RegExp[] = [
  /\bport[ :=]+(\d{1,5})\b/iu,
  /['"], (\d{1,5})\)/u,
  /:(\d{1,5})(?:[\s),."'\]]|: |$)/u,
];

/** Finds in the last lines of a server that its port was in use; `undefined` if they do not say so. */
export function addressInUse(tail: readonly string[]): AddressInUse | undefined {
  const first = tail.findIndex((line) => complaint.test(line) && !isSolved.test(line));
  if (first === -1) return undefined;
  // Node prints the properties of the error below it; Flask and Bun print a sentence with the port.
  const lines = tail.slice(first).filter((line) => complaint.test(line) || /^\s*port: \d+,?$/u.test(line));
  const ports = lines.map(portIn);
  return { port: ports.find((port) => port !== undefined) };
}

function portIn(line: string): number | undefined {
  const text = line.replaceAll(timeOfDay, '');
  for (const position of portPositions) {
    const port = trailingPort(position.exec(text)?.[1] ?? '');
    if (port !== undefined) return port;
  }
  return undefined;
}
