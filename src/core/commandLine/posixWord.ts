/** Returns a text as one quoted word for POSIX shells. */
export function posixQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Returns a text as one word for POSIX shells, quoted if it has a character that could mean something to them. */
export function posixWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : posixQuoted(text);
}
