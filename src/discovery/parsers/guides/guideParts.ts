import { sourceLines } from '../shared/sourceText.js';

/** A part of a guide: a heading, a paragraph, or a block of lines for a shell. */
export interface GuidePart {
  readonly kind: 'heading' | 'text' | 'code';
  /** Level of a heading: 1 for the title of the guide. */
  readonly level?: number;
  readonly lines: readonly string[];
}

/** Languages of blocks without commands. */
const noShell =
  /^(?:[jt]sx?|javascript|typescript|json[5c]?|ya?ml|toml|ini|python|py|ruby|rb|go|rust|rs|java|kotlin|php|html|css|scss|vue|svelte|sql|xml|diff|dockerfile|env|dotenv|nginx|mermaid|graphql|csharp|cs|cpp|c)$/iu;

const fence = /^[\s>]*(?<marker>`{3,}|~{3,})\s*(?<language>[\w+-]*)/u;
const heading = /^(?<marks>#{1,6})\s+(?<title>.*)/u;
const underline = /^(?:=|-|~|\^|\*){3,}\s*$/u;
/** Usual order of the characters that underline headings. */
const underlines = '=-~^*';
/** A command that is indented instead of fenced, as in reStructuredText. */
const indentedCommand = /^(?: {3}|\t)\s*(?:\([\w.-]{1,30}\)\s?)?\$ /u;
/** A line of reStructuredText that only says what the indented block after it is, and an option of that block. */
const directive = /^\s*\.\. (?:code-block|code|sourcecode|prompt)::\s*(?<language>[\w+-]*)/u;
const directiveOption = /^\s+:[a-z][\w-]{0,40}:/u;
const shell = /^(?:bash|sh|shell|zsh|console|shell-session|terminal)$/iu;
/** A role of reStructuredText before a text in backquotes: `:ref:`. */
const role = /:[a-z][\w:+-]{0,40}:(?=`)/gu;
/** A line of an indented block that may be a command, and not the rest of an item in a list. */
const indentedLine = /^(?: {4}|\t) {0,8}(?:[A-Z][A-Z0-9_]*=|[a-z./])[^`:,;]*[^`.:,;]$/u;

/** Splits a guide in Markdown or reStructuredText into its parts. */
export function guideParts(text: string): readonly GuidePart[] {
  const parts = new Parts();
  for (const line of sourceLines(text)) parts.add(line);
  return parts.all;
}

/** A block that is open. */
interface Block {
  readonly marker: string;
  /** Whether its lines are commands. */
  readonly isShell: boolean;
}

class Parts {
  readonly all: { kind: GuidePart['kind']; lines: string[]; level?: number }[] = [];
  #block: Block | undefined;
  /** Language of an indented block after a directive. */
  #directive: string | undefined;
  #isNew = true;

  add(line: string): void {
    const { marker, language = '' } = fence.exec(line)?.groups ?? {};
    if (this.#block) this.#addToBlock(line, marker, this.#block);
    else if (marker !== undefined) {
      this.#block = { marker, isShell: !noShell.test(language) };
      this.#isNew = true;
    } else this.#addOutside(line);
  }

  #addToBlock(line: string, marker: string | undefined, block: Block): void {
    if (marker?.startsWith(block.marker) === true) {
      this.#block = undefined;
      this.#isNew = true;
    } else if (block.isShell) this.#push('code', line);
  }

  #addOutside(line: string): void {
    const language = directive.exec(line)?.groups?.['language'];
    if (language !== undefined) {
      this.#directive = language;
      this.#isNew = true;
    } else if (!this.#addAfterDirective(line)) this.#addLine(line);
  }

  /** Adds a line of the indented block after a directive; returns `false` for any other line. */
  #addAfterDirective(line: string): boolean {
    const language = this.#directive;
    if (language === undefined || line === '') return false;
    if (!/^\s/u.test(line)) {
      this.#directive = undefined;
      return false;
    }
    if (directiveOption.test(line) || noShell.test(language)) return true;
    // The lines without a prompt are then what the command prints.
    if (indentedCommand.test(line)) this.#directive = '';
    if (!shell.test(this.#directive ?? '')) return false;
    this.#push('code', line);
    return true;
  }

  #addLine(line: string): void {
    const { title, marks } = heading.exec(line)?.groups ?? {};
    if (title !== undefined) this.#pushHeading(title, marks?.length);
    else if (this.#isUnderline(line)) this.#underlined(line);
    else if (indentedCommand.test(line) || this.#isIndented(line)) this.#push('code', line);
    else this.#addText(line.trim());
  }

  #addText(line: string): void {
    // Dots stand for what a command prints.
    if (line === '...' && this.all.at(-1)?.kind === 'code') return;
    if (line === '') this.#isNew = true;
    else this.#push('text', line.replaceAll(role, ''));
  }

  /** Returns whether a line belongs to an indented block, which follows an empty line. */
  #isIndented(line: string): boolean {
    return (this.#isNew || this.all.at(-1)?.kind === 'code') && indentedLine.test(line);
  }

  /** Returns whether a line makes a heading of the paragraph before it. */
  #isUnderline(line: string): boolean {
    return !this.#isNew && this.all.at(-1)?.kind === 'text' && underline.test(line);
  }

  #underlined(line: string): void {
    const title = this.all.pop()?.lines.join(' ') ?? '';
    this.#pushHeading(title, underlines.indexOf(line.charAt(0)) + 1);
  }

  #pushHeading(title: string, level = 1): void {
    this.all.push({ kind: 'heading', lines: [title], level });
    this.#isNew = true;
  }

  #push(kind: GuidePart['kind'], line: string): void {
    const last = this.all.at(-1);
    if (last?.kind === kind && !this.#isNew) last.lines.push(line);
    else this.all.push({ kind, lines: [line] });
    this.#isNew = false;
  }
}
