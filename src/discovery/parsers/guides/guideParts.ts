import { sourceLines } from '../shared/sourceText.js';

/** A part of a guide: a heading, a paragraph, or a block of lines for a shell. */
export interface GuidePart {
  readonly kind: 'heading' | 'text' | 'code';
  readonly lines: readonly string[];
}

/** Languages of blocks without commands. */
const noShell =
  /^(?:[jt]sx?|javascript|typescript|json[5c]?|ya?ml|toml|ini|python|py|ruby|rb|go|rust|rs|java|kotlin|php|html|css|scss|vue|svelte|sql|xml|diff|dockerfile|env|dotenv|nginx|mermaid|graphql|csharp|cs|cpp|c)$/iu;

const fence = /^[\s>]*(?<marker>`{3,}|~{3,})\s*(?<language>[\w+-]*)/u;
const heading = /^#{1,6}\s+(?<title>.*)/u;
const underline = /^(?:=|-|~|\^|\*){3,}\s*$/u;
/** A command that is indented instead of fenced, as in reStructuredText. */
const indentedCommand = /^(?: {3}|\t)\s*\$ /u;

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
  readonly all: { kind: GuidePart['kind']; lines: string[] }[] = [];
  #block: Block | undefined;
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
    const title = heading.exec(line)?.groups?.['title'];
    const last = this.all.at(-1);
    if (title !== undefined) this.#pushAlone('heading', title);
    else if (last?.kind === 'text' && !this.#isNew && underline.test(line)) last.kind = 'heading';
    else if (indentedCommand.test(line)) this.#push('code', line);
    else if (line.trim() === '') this.#isNew = true;
    else this.#push('text', line.trim());
  }

  #pushAlone(kind: GuidePart['kind'], line: string): void {
    this.all.push({ kind, lines: [line] });
    this.#isNew = true;
  }

  #push(kind: GuidePart['kind'], line: string): void {
    const last = this.all.at(-1);
    if (last?.kind === kind && !this.#isNew) last.lines.push(line);
    else this.all.push({ kind, lines: [line] });
    this.#isNew = false;
  }
}
