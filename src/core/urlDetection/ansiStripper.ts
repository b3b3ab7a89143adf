/** Position within an escape sequence. */
type ParserState = 'text' | 'escape' | 'csi' | 'string';

const ESC = '\u001b';
const BEL = '\u0007';
// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * Removes terminal control sequences from text that arrives in arbitrary chunks. Colors are removed without a trace,
 * since frameworks color the inside of a URL. A cursor movement separates words: a move to the right becomes a space,
 * any other one a line end, since the text after it is drawn elsewhere. Line ends are kept and terminate every
 * sequence, so that an unfinished one removes no more than its line. Time is linear in the length of the text.
 */
export class AnsiStripper {
  #state: ParserState = 'text';

  push(chunk: string): string {
    let out = '';
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#state === 'text') {
        const end = textEnd(chunk, at);
        out += chunk.slice(at, end);
        at = end;
      }
      out += this.#step(chunk.charAt(at));
    }
    return out;
  }

  #step(character: string): string {
    if (character === '\n' || character === '\r') {
      this.#state = 'text';
      return character;
    }
    switch (this.#state) {
      case 'text':
        return this.#text(character);
      case 'escape':
        return this.#escape(character);
      case 'csi':
        return this.#csi(character);
      case 'string':
        return this.#string(character);
    }
  }

  #text(character: string): string {
    switch (character) {
      case ESC:
        this.#state = 'escape';
        break;
      case '\u009b':
        this.#state = 'csi';
        break;
      case '\u0090':
      case '\u009d':
        this.#state = 'string';
        break;
    }
    return '';
  }

  #escape(character: string): string {
    if (character === '[') this.#state = 'csi';
    else if ('P]X^_'.includes(character)) this.#state = 'string';
    // Intermediate bytes, as in the selection of a character set, precede the final one; ESC starts a new sequence.
    else if (character !== ESC && (character < ' ' || character > '/')) this.#state = 'text';
    return '';
  }

  #csi(character: string): string {
    if (character === ESC) {
      this.#state = 'escape';
      return '';
    }
    if (character >= '@' && character <= '~') {
      this.#state = 'text';
      return sequenceReplacement(character);
    }
    return '';
  }

  #string(character: string): string {
    if (character === BEL || character === '\u009c') this.#state = 'text';
    // ESC is the first half of the string terminator, or starts the next sequence, which ends the string too.
    else if (character === ESC) this.#state = 'escape';
    return '';
  }
}

/** Returns the position of the next control character other than a tab or line end. */
function textEnd(text: string, from: number): number {
  control.lastIndex = from;
  return control.exec(text)?.index ?? text.length;
}

/** Returns the replacement of a sequence, by its final character. */
function sequenceReplacement(final: string): string {
  if (final === 'm' || final === 'K') return '';
  return 'ABDEFGHJSTdf'.includes(final) ? '\n' : ' ';
}
