/**
 * Formats a text for a message as JSON of at most 80 characters, so that control characters stay visible and harmless.
 */
export function shortJson(text: string): string {
  const json = JSON.stringify(text);
  return json.length <= 80 ? json : `${json.slice(0, 79)}…`;
}
