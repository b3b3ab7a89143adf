/** A text from a file as a problem shows it: what is invisible stays visible, and it is short. */
export function shortJson(text: string): string {
  const json = JSON.stringify(text);
  return json.length <= 80 ? json : `${json.slice(0, 79)}…`;
}
