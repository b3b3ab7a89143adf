/**
 * Returns the text of a table of a TOML file. Only its usual form is read: the parser of TOML is not loaded for all
 * projects of Python.
 */
export function textOfTable(text: string, table: string): string {
  const [, after = ''] = `\n${text}`.split(`\n[${table}]`);
  return after.split(/^\[/mu)[0] ?? '';
}
