import { scalarText } from '../shared/ownValues.js';

/**
 * Returns the first TCP port that a list of `ports` certainly publishes on the machine; `undefined` when Docker chooses
 * one.
 */
export function publishedPort(ports: readonly unknown[]): number | undefined {
  for (const entry of ports) {
    const port = typeof entry === 'object' && entry !== null ? longPort(entry) : shortPort(entry);
    if (port !== undefined) return port;
  }
  return undefined;
}

/**
 * Parses `8080:80`, `127.0.0.1:8080:80/tcp`, `[::1]:8080:80` or `8000-8010:8000-8010`. A single number is a port of the
 * container only.
 */
function shortPort(entry: unknown): number | undefined {
  const { host, protocol } =
    /^(?:.*:)?(?<host>[^:/]*):[^:/]*(?:\/(?<protocol>\w+))?$/u.exec(withDefaults(scalarText(entry)))
      ?.groups ?? {};
  return protocol === 'udp' ? undefined : portNumber(host);
}

function longPort(entry: object): number | undefined {
  const { published, protocol } = entry as { published?: unknown; protocol?: unknown };
  return protocol === 'udp' ? undefined : portNumber(withDefaults(scalarText(published)));
}

/** Replaces variables with their defaults: `${PORT:-8080}` and `${PORT-8080}` become `8080`. */
function withDefaults(text: string): string {
  return text.replaceAll(/\$\{\w+:?-(?<value>[^{}]*)\}/gu, '$<value>');
}

/** Parses a port, or the first port of a range. */
function portNumber(text: string | undefined): number | undefined {
  const port = Number(/^(?<first>\d{1,5})(?:-\d{1,5})?$/u.exec(text ?? '')?.groups?.['first'] ?? 0);
  return port >= 1 && port <= 65_535 ? port : undefined;
}
