/** The first TCP port of the machine that a list of `ports` publishes for certain; `undefined` when docker chooses one. */
export function publishedPort(ports: readonly unknown[]): number | undefined {
  for (const entry of ports) {
    const port = typeof entry === 'object' && entry !== null ? longPort(entry) : shortPort(entry);
    if (port !== undefined) return port;
  }
  return undefined;
}

/** `8080:80`, `127.0.0.1:8080:80/tcp`, `[::1]:8080:80`, `8000-8010:8000-8010`; a single one is that of the container. */
function shortPort(entry: unknown): number | undefined {
  const { host, protocol } =
    /^(?:.*:)?(?<host>[^:/]*):[^:/]*(?:\/(?<protocol>\w+))?$/u.exec(withDefaults(String(entry)))?.groups ??
    {};
  return protocol === 'udp' ? undefined : portNumber(host);
}

function longPort(entry: object): number | undefined {
  const { published, protocol } = entry as { published?: unknown; protocol?: unknown };
  return protocol === 'udp'
    ? undefined
    : portNumber(withDefaults(typeof published === 'number' ? String(published) : textOf(published)));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `${PORT:-8080}` and `${PORT-8080}` say what is meant where the variable is not set. */
function withDefaults(text: string): string {
  return text.replaceAll(/\$\{\w+:?-(?<value>[^{}]*)\}/gu, '$<value>');
}

/** Of a range the first. */
function portNumber(text: string | undefined): number | undefined {
  const port = Number(/^(?<first>\d{1,5})(?:-\d{1,5})?$/u.exec(text ?? '')?.groups?.['first'] ?? 0);
  return port >= 1 && port <= 65_535 ? port : undefined;
}
