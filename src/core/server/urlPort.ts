/** Returns the port of an http(s) URL; `undefined` for a text that is no URL, such as one of a damaged record. */
export function portOfUrl(text: string): number | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** Returns the ports of URLs, without those of texts that are none. */
export function portsOfUrls(texts: readonly string[]): number[] {
  return texts.flatMap((text) => portOfUrl(text) ?? []);
}
