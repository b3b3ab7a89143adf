import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { AnsiStripper } from '../../../../src/core/urlDetection/ansiStripper.js';

/** Strips texts whole and character by character, which must give the same. */
function stripped(texts: readonly string[]): string[] {
  return texts.map((text) => {
    const inOne = new AnsiStripper().push(text);
    const stripper = new AnsiStripper();
    const inPieces = text.split('').map((character) => stripper.push(character));
    assert.equal(inPieces.join(''), inOne);
    return inOne;
  });
}

describe('the ANSI stripper', () => {
  it('keeps text, line ends and tabs', () => {
    const texts = ['', 'a b~', 'a\r\nb\tc', 'ä → 中 \u00a0x'];
    assert.deepEqual(stripped(texts), texts);
    assert.deepEqual(stripped(texts.map((text) => `\u001b[m${text}`)), texts);
  });

  it('removes colors and erasures, which occur inside words', () => {
    const texts = [
      '\u001b[1mhttp://localhost:\u001b[36m3000\u001b[0m/',
      '\u001b[2Kready\u001b[K',
      '\u009b1;31mred',
    ];
    assert.deepEqual(stripped(texts), ['http://localhost:3000/', 'ready', 'red']);
  });

  it('replaces a cursor movement in the line by a space, and any other by a line end', () => {
    const texts = ['a\u001b[2Cb', 'a\u001b[5@b', 'a\u001b[5~b', 'a\u001b[3Pb'];
    assert.deepEqual(
      stripped(texts),
      texts.map(() => 'a b'),
    );
    const moves = 'ABDEFGHJSTdf'.split('').map((final) => `a\u001b[1;1${final}b`);
    assert.deepEqual(
      stripped([...moves, 'a\u009b2Jb']),
      [...moves, ''].map(() => 'a\nb'),
    );
  });

  it('removes titles, links and other strings, with any end', () => {
    const texts = [
      'a\u001b]0;title\u0007b',
      'a\u001b]8;;http://example.org/\u001b\\b',
      'a\u001bPdata\u009cb',
      'a\u001bXdata\u001b\\b',
      'a\u001b^data\u001b\\b',
      'a\u001b_data\u001b\\b',
      'a\u009d0;title\u0007b',
      'a\u0090data\u009cb',
      'a\u001b]0;cut off\u001b[31mb',
      'a\u001b]0;cut off\u001b\u001b\\b',
    ];
    assert.deepEqual(
      stripped(texts),
      texts.map(() => 'ab'),
    );
  });

  it('removes short sequences with all their bytes', () => {
    const texts = [
      'a\u001b(Bb',
      'a\u001b/Ab',
      'a\u001b Fb',
      'a\u001b=b',
      'a\u001b7b',
      'a\u001b\u001b[mb',
      'a\u001b0b',
      'a\u001b\u0001b',
    ];
    assert.deepEqual(
      stripped(texts),
      texts.map(() => 'ab'),
    );
  });

  it('removes control characters, including the first and the last one', () => {
    const texts = [
      'a\u0000b',
      'a\u0007b',
      'a\bb',
      'a\u000bb',
      'a\u001fb',
      'a\u007fb',
      'a\u0080b',
      'a\u009fb',
    ];
    assert.deepEqual(
      stripped(texts),
      texts.map(() => 'ab'),
    );
  });

  it('keeps line ends inside a sequence, which ends there, and begins anew with each escape', () => {
    const texts = ['a\u001b[3\nb', 'a\u001b[3\rb', 'a\u001b[3\u001b[31mb', 'a\u001b[3äHb'];
    assert.deepEqual(stripped(texts), ['a\nb', 'a\rb', 'ab', 'a\nb']);
  });

  it('removes no more than a line for a sequence that never ends', () => {
    const texts = ['a\u001b]0;title\nb', 'a\u001bPdata\rb', 'a\u009d0;\r\nb', 'a\u001b\nb', 'a\u001b(\nb'];
    assert.deepEqual(stripped(texts), ['a\nb', 'a\rb', 'a\r\nb', 'a\nb', 'a\nb']);
  });

  it('returns the same for every text, in any chunks', () => {
    const pieces = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '3',
      'm',
      'H',
      '\\',
      '\u0007',
      '\n',
      'x',
      ' ',
      '\u009b',
      'P',
    );
    fc.assert(
      fc.property(fc.array(pieces), fc.nat(20), (characters, cut) => {
        const text = characters.join('');
        const stripper = new AnsiStripper();
        const inTwo = stripper.push(text.slice(0, cut)) + stripper.push(text.slice(cut));
        return inTwo === new AnsiStripper().push(text);
      }),
    );
  });
});
