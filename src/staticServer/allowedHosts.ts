import { isIP } from 'node:net';

/** Variable with further host names, separated by commas, for a forwarding service that reports its name nowhere. */
export const allowedHostsVariable = 'ALLOWED_HOSTS';

/**
 * Returns a check of the `Host` of a request. A page of another site can reach this server under a name of its own that
 * resolves to this machine (DNS rebinding). Only that name reveals it, since the browser sets the header, not the page.
 * The check allows names of this machine, IP addresses, which cannot be rebound, and the name under which the editor
 * forwards the port.
 */
export function hostCheck(env: NodeJS.ProcessEnv, port: number): (header: string | undefined) => boolean {
  const forwarded = forwardedHost(env['VSCODE_PROXY_URI'] ?? '', port);
  const named = (env[allowedHostsVariable] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const allowed = new Set([forwarded, ...named].filter((name) => name !== undefined && name !== ''));
  return (header) => {
    const name = hostName(header ?? '');
    return name !== undefined && (isOfThisMachine(name) || isIP(name) !== 0 || allowed.has(name));
  };
}

/** Returns the host of the editor's template for forwarded ports, such as `https://{{port}}.example.com/`. */
function forwardedHost(template: string, port: number): string | undefined {
  const url = template.replaceAll('{{port}}', String(port));
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** RFC 6761 reserves the names below `localhost`. */
function isOfThisMachine(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

/** Returns the name or address in a `Host` header, without the port; `undefined` for a header that is not valid. */
function hostName(header: string): string | undefined {
  const [, address, name] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(header) ?? [];
  // The final dot of a complete name changes nothing.
  return address ?? name?.toLowerCase().replace(/\.$/, '');
}
