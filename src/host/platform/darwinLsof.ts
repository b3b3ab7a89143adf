import { plainAddress, type Listener } from '../system/listeners.js';

/**
 * Parses the output of `lsof -F pftdn`: a line for each field, where `p` starts a process and `f` one of its files. The
 * device (`d`) identifies the socket.
 */
export function parseLsof(text: string): Listener[] {
  const found = new Map<string, Listener>();
  let pid = 0;
  let type = '';
  let id = '';
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('f')) id = `${pid}/${value}`;
    else if (line.startsWith('t')) type = value;
    else if (line.startsWith('d')) id = value;
    else if (line.startsWith('n')) addListener(found, { pid, type, id, name: value });
  }
  return [...found.values()];
}

/** Adds a socket, or the process to a known one: a shared socket is listed for each process. */
function addListener(
  found: Map<string, Listener>,
  { pid, type, id, name }: { pid: number; type: string; id: string; name: string },
): void {
  const [, host = '', port] = /^(.*):(\d+)$/.exec(name) ?? [];
  if (port === undefined) return;
  const anywhere = type === 'IPv6' ? '::' : '0.0.0.0';
  const address = host === '*' ? anywhere : plainAddress(host.replaceAll(/[[\]]/g, ''));
  const pids = [...(found.get(id)?.pids ?? []), pid];
  found.set(id, { port: Number(port), address, id, waiting: undefined, pids });
}

/** Returns the folder in the output of `lsof -d cwd -F n`; `undefined` without one. */
export function parseFolder(text: string): string | undefined {
  const escaped = /^n(\/.*)$/m.exec(text)?.[1];
  if (escaped === undefined) return undefined;
  // `lsof` escapes the bytes that the language of the user does not have; an editor that the Dock starts has no language.
  const bytes = escaped.replaceAll(/\\x([\da-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return bytes === escaped ? escaped : Buffer.from(bytes, 'latin1').toString('utf8');
}
