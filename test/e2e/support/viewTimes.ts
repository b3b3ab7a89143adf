/** When the view changed, milliseconds since the page began to load. */
export interface ViewTimes {
  /** From when to when the editor said in place of the tree that nothing provides its rows: nothing has registered it. */
  readonly emptyFrom?: number;
  readonly emptyUntil?: number;
  /** When the tree had the row. */
  readonly listed?: number;
}

/** Returns a script for a page that begins to load: it watches the view, and has the result in `viewTimes`. */
export function watchView(row: string): string {
  return `
globalThis.viewTimes = {};
new MutationObserver((_, observer) => {
  const view = document.querySelector('.part.sidebar .pane-body');
  const now = Math.round(performance.now());
  const isEmpty = view?.querySelector('.message')?.textContent.includes('no data provider');
  if (isEmpty) viewTimes.emptyFrom ??= now;
  else if (viewTimes.emptyFrom !== undefined) viewTimes.emptyUntil ??= now;
  const names = [...(view?.querySelectorAll('.label-name') ?? [])].map((name) => name.textContent);
  if (!names.includes(${JSON.stringify(row)})) return;
  viewTimes.listed = now;
  observer.disconnect();
}).observe(document, { subtree: true, childList: true, characterData: true });
`;
}
