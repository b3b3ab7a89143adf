/** Where the stripper is inside an escape sequence when a chunk ends. */
type Mode = 'text' | 'escape' | 'csi' | 'string';

const ESC = '\u001b';
const BEL = '\u0007';

// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * Takes terminal control sequences out of text that comes in pieces cut anywhere. Colours vanish, since frameworks colour
 * the inside of a URL; other sequences, which move the cursor, become a space, since what stands on both sides of one is
 * not one word. Line ends stay, and end every sequence, so that none that is never finished takes more than its line away.
 * Time is linear in the length of the text.
 */
export class AnsiStripper {
  #mode: Mode = 'text';

  push(chunk: string): string {
    let out = '';
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#mode === 'text') {
        const end = controlAt(chunk, at);
        out += chunk.slice(at, end);
        at = end;
      }
      out += this.#step(chunk.charAt(at));
    }
    return out;
  }

  #step(character: string): string {
    if (character === '\n' || character === '\r') this.#mode = 'text';
    switch (this.#mode) {
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
    if (character >= ' ' && character < '\u007f') return character;
    switch (character) {
      case '\n':
      case '\r':
      case '\t':
        return character;
      case ESC:
        this.#mode = 'escape';
        return '';
      case '\u009b':
        this.#mode = 'csi';
        return '';
      case '\u0090':
      case '\u009d':
        this.#mode = 'string';
        return '';
      default:
        return character < '\u00a0' ? '' : character;
    }
  }

  #escape(character: string): string {
    if (character === '[') this.#mode = 'csi';
    else if ('P]X^_'.includes(character)) this.#mode = 'string';
    // Intermediate bytes, as in the choice of a character set, precede the final one; ESC begins anew.
    else if (character !== ESC && (character < ' ' || character > '/')) this.#mode = 'text';
    return '';
  }

  #csi(character: string): string {
    if (character === ESC) {
      this.#mode = 'escape';
      return '';
    }
    if (character < '@' || character > '~') return '';
    this.#mode = 'text';
    return character === 'm' || character === 'K' ? '' : ' ';
  }

  #string(character: string): string {
    if (character === BEL || character === '\u009c') this.#mode = 'text';
    // Either the first half of the end of the string, or the next sequence, which ends it too.
    else if (character === ESC) this.#mode = 'escape';
    return '';
  }
}

/** Where the next control character stands that is no line end and no tab; the length of the text when there is none. */
function controlAt(text: string, from: number): number {
  controls.lastIndex = from;
  return controls.exec(text)?.index ?? text.length;
}
