import type { MarkdownString } from 'vscode';
import type { ServerView } from '../../core/views/serverView.js';
import type { Translator } from '../../core/common.js';
import { PlainMarkdown } from '../display/tooltip.js';

/** Maximum number of lines of output that the tooltip shows. */
const maxTailLines = 8;

/** Returns the tooltip of a server. */
export function serverTooltip(heading: string, view: ServerView, l10n: Translator): MarkdownString {
  const tooltip = new PlainMarkdown().heading(heading);
  for (const { title, value } of view.tooltip) tooltip.line(title, value);
  if (view.tail.length > 0) {
    tooltip.paragraph(l10n.t('Last output:')).code(view.tail.slice(-maxTailLines));
  }
  return tooltip.markdown;
}
