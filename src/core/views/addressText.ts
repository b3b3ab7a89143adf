/** Host names that reach this machine only. A row does not show them, so that a narrow one shows the port. */
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '0.0.0.0', '[::]']);

/**
 * Returns an address as a row shows it, with the part that differs between servers first: `:5173`, `:8443 (https)`,
 * `:3000/docs`, `app.test/shop/`. With `keepsHost` it shows the host name of this machine too.
 */
export function addressText(address: string, keepsHost = false): string {
  const parts = /^(?<scheme>[a-z][\w+.-]*):\/\/(?<host>\[[^\]]*\]|[^/:?#]*)(?<rest>(?:[/:?#][^]*)?)$/u.exec(
    address,
  )?.groups;
  if (!parts) return address;
  const { scheme, host, rest } = { scheme: '', host: '', rest: '', ...parts };
  const path = rest.replace(/^(?<port>[^/]*)\/$/u, '$<port>');
  const isHere = !keepsHost && loopbackHosts.has(host) && path.startsWith(':');
  const place = isHere ? path : `${host}${path}`;
  return scheme === 'http' ? place : `${place} (${scheme})`;
}
