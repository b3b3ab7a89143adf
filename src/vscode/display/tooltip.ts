import { codeFence } from '../../core/codeFence.js';
import { MarkdownString } from 'vscode';
import { escapeHidden, plainText } from '../../core/plainText.js';

/** Text that the editor turns into a link automatically. */
const looksLikeLink = /:\/\/|www\.|@/i;

/** Creates Markdown from texts of the workspace, none of which the editor reads as Markdown. */
export class PlainMarkdown {
  readonly markdown = new MarkdownString();

  heading(text: string): this {
    this.markdown.appendMarkdown('**');
    this.#append(text);
    this.markdown.appendMarkdown('**\n\n');
    return this;
  }

  line(title: string, value: string): this {
    this.#appendText(`${plainText(title)}: `);
    this.#append(value);
    this.markdown.appendMarkdown('  \n');
    return this;
  }

  paragraph(text: string): this {
    this.markdown.appendMarkdown('\n\n');
    this.#appendText(plainText(text));
    this.markdown.appendMarkdown('\n');
    return this;
  }

  code(lines: readonly string[]): this {
    this.markdown.appendCodeblock(
      lines.map((line) => escapeHidden(line.replaceAll('\t', '  '))).join('\n'),
      'text',
    );
    return this;
  }

  /** Appends plain text whose lines wrap: the editor would turn its spaces into non-breaking ones. */
  #appendText(text: string): void {
    const { value } = new MarkdownString().appendText(text);
    this.markdown.appendMarkdown(value.replaceAll('&nbsp;', ' '));
  }

  /** Appends text without links: as code if the editor would detect a link in it. */
  #append(text: string): void {
    const plain = plainText(text);
    if (!looksLikeLink.test(plain)) {
      this.#appendText(plain);
      return;
    }
    const fence = codeFence(plain);
    this.markdown.appendMarkdown(`${fence} ${plain} ${fence}`);
  }
}
