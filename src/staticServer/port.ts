/** Port without the variable `PORT`. */
const defaultPort = 8080;

/** Returns the port of the variable `PORT`; the default one for an empty value, `undefined` if the value is not a port. */
export function parsePort(value = ''): number | undefined {
  const text = value.trim();
  if (text === '') return defaultPort;
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}
