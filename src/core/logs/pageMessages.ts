import { AnsiStripper } from '../urlDetection/ansiStripper.js';

// Development servers can forward the browser console of a page to their own output. The formats are those of Vite 8
// (`server.forwardConsole`), of Next 15.4 and 16 (`experimental.browserDebugInfoInTerminal`,
// `logging.browserToTerminal`), of Rsbuild 1 and 2 (`dev.browserLogs`), and of plugins for Vite and modules for
// Nuxt that use the same prefix.

/** Prefix of a task runner, such as `web:dev: `, `web | ` or `apps/web dev: `, which may precede that of a page. */
const task = String.raw`^(?:\S{1,80}(?: \S{1,40})?\s{0,20}[:|>\]] )?`;

const prefix = String.raw`${task}(?:error\s{1,9})?\[browser\] `;

/** Vite writes a time first, in the format of the user's language. It names the environment after itself. */
const vite = String.raw`${task}[^'"\x60|(){}=]{0,40}\[vite\] (?:\(\w{1,40}\) )?`;

/** A line of plain text with which a message of a page begins. */
export const pageMessage = new RegExp(
  String.raw`${vite}\[(?:console\.\w+|Unhandled (?:error|rejection))\]|${prefix}`,
  'i',
);

/** Position in the source with which Next ends a message that is not an error: `(app/page.tsx:4:11)`. */
const position = String.raw`\(\S{1,500}:\d+:\d+\)\s{0,9}$`;

/** Some plugins write the level after the id of a page: `[browser] [bad1af43] WARN: `. */
const level = String.raw`(?:\[\w{1,40}\] )?`;
const noError = String.raw`(?!${level}(?:warn|info|log|debug|trace): )`;

/**
 * The same for messages that are errors. Next writes no level: a space ends the first line of `console.error`, which is
 * followed by a stack.
 */
const pageError = new RegExp(
  [
    String.raw`${vite}\[(?:console\.error|Unhandled (?:error|rejection))\]`,
    String.raw`${task}error\s{1,9}\[browser\] `,
    String.raw`${prefix}${noError}.* \r?$`,
    String.raw`${prefix}\W*(?:uncaught|unhandled)`,
    String.raw`${prefix}${level}error: `,
    String.raw`${prefix}${noError}(?!.*${position}).*(?:error|exception)\b`,
  ].join('|'),
  'i',
);

/** A first line after which a message of Next may continue. */
const openMessage = new RegExp(`${prefix}(?!${level}[a-z]+: )(?!.*${position})`, 'i');

const endsInPosition = new RegExp(position);

const stackLine = /^\s{2,20}at .{1,500}:\d+:\d+\)?\s*$/;

/** Of a longer line, only the beginning is read, and the end, since a space there has a meaning. */
const maxLineLength = 4096;
const endLength = 2;

/** Maximum number of lines of a message before its stack. */
const maxMessageLines = 200;

/**
 * Finds the errors of pages in lines of plain text. `Ref` stands for a line: the first one of an error is returned, which
 * may be some lines before the one that shows that it is an error.
 */
export class PageErrorReader<Ref> {
  /** The first line of a message that is not known to be an error yet. */
  #open: { readonly ref: Ref; lines: number } | undefined;
  #endsInSpace = false;

  /** Whether a later line may show that a message is an error. */
  get isInMessage(): boolean {
    return this.#open !== undefined;
  }

  /** Returns the line with which an error begins that is recognized by this line. */
  push(line: string, ref: Ref): Ref | undefined {
    const text = shortened(line);
    return pageMessage.test(text) ? this.#begin(text, ref) : this.#continue(text);
  }

  #begin(line: string, ref: Ref): Ref | undefined {
    const isError = pageError.test(line);
    this.#open = !isError && openMessage.test(line) ? { ref, lines: 1 } : undefined;
    this.#endsInSpace = false;
    return isError ? ref : undefined;
  }

  #continue(line: string): Ref | undefined {
    const open = this.#open;
    if (open === undefined) return undefined;
    // Next separates the text of `console.error` from its stack by a space and a line end.
    const isError = this.#endsInSpace && stackLine.test(line);
    this.#endsInSpace = /\S $/.test(line);
    open.lines += 1;
    if (isError || open.lines > maxMessageLines || endsInPosition.test(line)) this.#open = undefined;
    return isError ? open.ref : undefined;
  }
}

/** Returns the line of a message without the tool's prefix, such as `[vite] (client) [console.error]`. */
export function pageMessageText(line: string): string {
  const found = pageMessage.exec(line);
  const text = found ? line.slice(found.index + found[0].length).trim() : '';
  return text === '' ? line.trim() : text;
}

/** Every message of a page begins with a line that has one of these, most output has neither, and colors never split them. */
const hint = /\[browser\]|\[(?:console\.error|Unhandled )/i;

/**
 * Counts the errors of pages in output that arrives in arbitrary chunks. Time is linear in the length of the output, and
 * memory is bounded.
 */
export class PageErrorScanner {
  readonly #reader = new PageErrorReader<true>();
  #count = 0;
  /** Beginning of the unfinished line. */
  #line = '';

  /** Number of errors in the lines that have ended. */
  get count(): number {
    return this.#count;
  }

  /** Returns whether the lines that this chunk completes have further errors. */
  push(chunk: string): boolean {
    const before = this.#count;
    const end = chunk.lastIndexOf('\n');
    const text = this.#line + (end === -1 ? chunk : chunk.slice(0, end));
    this.#line = beginningOf(end === -1 ? text : chunk.slice(end + 1));
    if (end !== -1 && this.#mayMatter(text)) for (const line of text.split('\n')) this.#read(line);
    return this.#count > before;
  }

  #mayMatter(text: string): boolean {
    return this.#reader.isInMessage || hint.test(text);
  }

  #read(line: string): void {
    if (!this.#mayMatter(line)) return;
    // A movement of the cursor becomes a line end.
    const parts = new AnsiStripper().push(beginningOf(line)).split(/[\r\n]/u);
    for (const part of parts) if (part !== '' && this.#reader.push(part, true)) this.#count += 1;
  }
}

/** Returns what is kept of a line: nothing before a carriage return, which made that invisible. */
function beginningOf(line: string): string {
  return shortened(line.slice(line.lastIndexOf('\r', line.length - 2) + 1));
}

function shortened(line: string): string {
  if (line.length <= maxLineLength) return line;
  return line.slice(0, maxLineLength - endLength) + line.slice(-endLength);
}
