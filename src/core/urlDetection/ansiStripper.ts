/** Where the stripper is inside an escape sequence when a chunk ends. */
type Mode = 'text' | 'escape' | 'csi' | 'string';

const ESC = '\u001b';
const BEL = '\u0007';
// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * Takes terminal control sequences out of text that comes in pieces cut anywhere. Colours vanish, since frameworks colour
 * the inside of a URL. What stands on both sides of a move of the cursor is not one word: a move to the right becomes a
 * space, any other one a line end, since what follows is drawn elsewhere. Line ends stay, and end every sequence, so that
 * none that is never finished takes more than its line away. Time is linear in the length of the text.
 */
export class AnsiStripper {
  #mode: Mode = 'text';

  push(chunk: string): string {
    let out = '';
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#mode === 'text') {
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
      this.#mode = 'text';
      return character;
    }
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
    switch (character) {
      case ESC:
        this.#mode = 'escape';
        break;
      case '\u009b':
        this.#mode = 'csi';
        break;
      case '\u0090':
      case '\u009d':
        this.#mode = 'string';
        break;
    }
    return '';
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
    if (character >= '@' && character <= '~') {
      this.#mode = 'text';
      return replacementFor(character);
    }
    return '';
  }

  #string(character: string): string {
    if (character === BEL || character === '\u009c') this.#mode = 'text';
    // Either the first half of the end of the string, or the next sequence, which ends it too.
    else if (character === ESC) this.#mode = 'escape';
    return '';
  }
}

/** Where the first control character other than a tab or line end stands from there on. */
function textEnd(text: string, from: number): number {
  control.lastIndex = from;
  return control.exec(text)?.index ?? text.length;
}

/** What is put in the place of a sequence, by its final character. */
function replacementFor(final: string): string {
  if (final === 'm' || final === 'K') return '';
  return 'ABDEFGHJSTdf'.includes(final) ? '\n' : ' ';
}
