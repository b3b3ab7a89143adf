import assert from 'node:assert/strict';
import { printParseErrorCode } from 'jsonc-parser';
import { describe, it } from 'vitest';
import { english } from '../../../../src/core/text.js';
import { jsonErrorText, strictJsonProblem } from '../../../../src/discovery/files/jsonError.js';
import { parseJsonc } from '../../../../src/discovery/files/jsonc.js';

describe('an error in a JSON file', () => {
  it('has its own text for each code of the parser', () => {
    const codes = Array.from({ length: 30 }, (_, code) => code);
    const known = codes.filter((code) => !printParseErrorCode(code as never).startsWith('<'));
    const texts = known.map((code) => jsonErrorText(code, english));
    assert.deepEqual([known.length, new Set(texts).size], [16, 16]);
  });

  it('is described in a sentence with its line and column', () => {
    const problems = (text: string): readonly string[] => parseJsonc(text, english).problems;
    assert.deepEqual(
      ['{\n  "a": 1,\n  "b" 2\n}', '{ "a": "x', '{ a: 1 }', '{} 1', '{ "a": 1 /* '].flatMap(problems),
      [
        'It is not valid JSON: a colon is missing on line 3, column 7',
        'It is not valid JSON: a string is not closed on line 1, column 8',
        'It is not valid JSON: unexpected text on line 1, column 3',
        'It is not valid JSON: there is text after the end on line 1, column 4',
        'It is not valid JSON: a comment is not closed on line 1, column 10',
      ],
    );
  });

  it('is described in the same words where comments are errors, as in package.json', () => {
    const problems = ['{ "scripts": ', '{\n  // dev\n}', '{ "a": 1, }', '[1 2]'].map((text) =>
      problemOf(text),
    );
    assert.deepEqual(problems, [
      'It is not valid JSON: a value is missing on line 1, column 14',
      'It is not valid JSON: a comment is not allowed here on line 2, column 3',
      'It is not valid JSON: a property name in double quotes is missing on line 1, column 11',
      'It is not valid JSON: a comma is missing on line 1, column 4',
    ]);
    // The parser that describes errors gives up on deep nesting.
    assert.match(problemOf('['.repeat(100_000)), /^It is not valid JSON: ./u);
  });
});

function problemOf(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    return strictJsonProblem(text, error, english);
  }
  return assert.fail(`${text} is valid`);
}
