import { MarkdownString } from 'vscode';
import type { ServerView } from '../../core/views/serverView.js';
import type { Translator } from '../../core/common.js';

/** Text that the editor turns into a link by itself. */
const looksLikeLink = /:\/\/|www\.|@/i;

/**
 * Returns the tooltip of a server. Names, paths and output come from outside, so they are added as text and never as
 * Markdown.
 */
export function serverTooltip(view: ServerView, l10n: Translator): MarkdownString {
  const markdown = new MarkdownString();
  markdown.appendMarkdown('**');
  appendPlain(markdown, view.label);
  markdown.appendMarkdown('**\n\n');
  for (const { title, value } of view.tooltip) {
    markdown.appendText(`${title}: `);
    appendPlain(markdown, value);
    markdown.appendMarkdown('  \n');
  }
  if (view.tail.length > 0) {
    markdown.appendMarkdown('\n\n').appendText(l10n.t('Last output:')).appendMarkdown('\n');
    markdown.appendCodeblock(view.tail.slice(-8).join('\n'), 'text');
  }
  return markdown;
}

/** Appends text without links: as code if the editor would detect a link in it. */
function appendPlain(markdown: MarkdownString, text: string): void {
  if (!looksLikeLink.test(text)) {
    markdown.appendText(text);
    return;
  }
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1);
  markdown.appendMarkdown(`${fence} ${text.replaceAll(/\s+/g, ' ')} ${fence}`);
}
