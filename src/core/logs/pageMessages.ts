import { AnsiStripper } from '../urlDetection/ansiStripper.js';

// Development servers can forward the browser console of a page to their own output. The formats are those of Vite 8
// (`server.forwardConsole`), of Next 15.4 and 16 (`experimental.browserDebugInfoInTerminal`,
// `logging.browserToTerminal`), of Rsbuild 1 and 2 (`dev.browserLogs`), and of modules for Nuxt that use the same
// prefix.

/** Prefix of a task runner, such as `web:dev: ` or `web | `, which may precede that of a page. */
const task = String.raw`^(?:\S{1,80}\s{0,20}[:|>\]] )?`;

const prefix = String.raw`${task}(?:error\s{1,9})?\[browser\] `;

/** Vite names the environment after itself. */
const vite = String.raw`\[vite\] (?:\(\w{1,40}\) )?`;

/** A line of plain text with which a message of a page begins. */
export const pageMessage = new RegExp(
  String.raw`${vite}\[(?:console\.\w+|Unhandled (?:error|rejection))\]|${prefix}`,
  'i',
);

/** Position in the source with which Next ends a message that is not an error: `(app/page.tsx:4:11)`. */
const position = String.raw`\(\S{1,500}:\d+:\d+\)\s{0,9}$`;

/**
 * The same for messages that are errors. Next writes no level: a space ends the first line of `console.error`, which is
 * followed by a stack.
 */
export const pageError = new RegExp(
  [
    String.raw`${vite}\[(?:console\.error|Unhandled (?:error|rejection))\]`,
    String.raw`${task}error\s{1,9}\[browser\] `,
    String.raw`${prefix}.* \r?$`,
    String.raw`${prefix}\W*(?:uncaught|unhandled)`,
    String.raw`${prefix}(?!.*${position}).*(?:error|exception)\b`,
  ].join('|'),
  'i',
);

/** Returns the line of a message without the tool's prefix, such as `[vite] (client) [console.error]`. */
export function pageMessageText(line: string): string {
  const found = pageMessage.exec(line);
  const text = found ? line.slice(found.index + found[0].length).trim() : '';
  return text === '' ? line.trim() : text;
}

/** Every message of a page contains one of these, most output contains neither, and colors never split them. */
const hint = /\[browser\]|\[(?:console\.error|Unhandled )/i;

/** A longer line is cut, and a longer unfinished one is dropped. */
const maxLineLength = 4096;

/**
 * Counts the errors of pages in output that arrives in arbitrary chunks. Time is linear in the length of the output, and
 * memory is bounded.
 */
export class PageErrorScanner {
  #count = 0;
  #line = '';

  /** Number of errors in the lines that have ended. */
  get count(): number {
    return this.#count;
  }

  /** Returns whether the lines that this chunk completes have further errors. */
  push(chunk: string): boolean {
    const before = this.#count;
    const end = chunk.lastIndexOf('\n') + 1;
    const text = this.#line + (end === 0 ? '' : chunk.slice(0, end));
    if (end > 0 && hint.test(text)) this.#read(text);
    this.#line = (end === 0 ? this.#line + chunk : chunk.slice(end)).slice(-maxLineLength);
    return this.#count > before;
  }

  #read(text: string): void {
    for (const line of text.split('\n')) {
      if (!hint.test(line)) continue;
      const plain = new AnsiStripper().push(line.slice(0, maxLineLength));
      if (pageError.test(plain)) this.#count += 1;
    }
  }
}
