/** Returns the port of an http(s) URL. */
export function portOfUrl(text: string): number {
  const url = new URL(text);
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
