import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import {
  pageMessage,
  PageErrorReader,
  PageErrorScanner,
  pageMessageText,
} from '../../../../src/core/logs/pageMessages.js';

/** Lines as the tools write them, without colors. */
const errors = [
  '10:20:30 AM [vite] (client) [console.error] The cart is empty',
  '10:20:30 AM [vite] (client) [Unhandled error] TypeError: x is undefined',
  '10:20:30 AM [vite] (client) [Unhandled rejection] Error: no answer',
  '[vite] [console.error] of a version that names no environment',
  '[browser] Uncaught RangeError: too far',
  // Next ends the first line of `console.error` so, before its stack.
  '[browser] The cart is empty ',
  '[browser] Error: logged',
  '[browser] ⨯ unhandledRejection: Error: no answer',
  '[browser] "⨯ unhandledRejection:" 100 ',
  'error   [browser] Uncaught ReferenceError: y is not defined (src/index.js:3:1)',
  'web:dev: [browser] Uncaught Error: of a task of turbo',
  '[BROWSER] TypeError: of a module for Nuxt',
  '[browser] [bad1af43] ERROR: of a plugin that writes the level (http://localhost:5173/main.ts:3:24)',
  '19:45:14 [vite] (client) [console.error] in the time format of another language',
  '\u4e0b\u53487:45:14 [vite] (client) [Unhandled error] Error: in Chinese',
  'apps/web dev: 10:20:30 AM [vite] (client) [console.error] of a workspace of pnpm',
  'apps/web dev: [browser] Uncaught Error: of a workspace of pnpm',
  '[web] [browser] Uncaught Error: of concurrently',
];

const others = [
  '10:20:30 AM [vite] (client) [console.warn] deprecated',
  '10:20:30 AM [vite] (client) [console.log] hello',
  '[browser] hello (app/page.tsx:4:11)',
  '[browser] {',
  '[browser] the first of two lines',
  '[browser] no error at all (app/page.tsx:4:11)',
  '[browser] [bad1af43] WARN: this error is expected',
  '[browser] [bad1af43] DEBUG: [vite] connected without an error. ',
  '[browser] Download the React DevTools: https://react.dev/link/react-devtools (app-pages-browser)',
];

const noMessages = [
  '  VITE v8.4.0  ready in 300 ms',
  '10:20:30 AM [vite] (client) hmr update /main.js',
  'Error: of the server itself',
  'opens the [browser] now, if you like to',
  'see https://example.org/[browser] for more',
  // Source code that Vite prints below an error.
  "   18 |    log: () => console.log('[vite] (client) [console.error] no error'),",
];

/** Returns the first lines of the errors. */
function errorsIn(lines: readonly string[]): readonly string[] {
  const reader = new PageErrorReader<string>();
  return lines.flatMap((line) => reader.push(line, line) ?? []);
}

describe('messages of pages in the output of a server', () => {
  it('are recognized in the formats of Vite, Next, Rsbuild and Nuxt', () => {
    assert.deepEqual(
      [...errors, ...others].filter((line) => !pageMessage.test(line)),
      [],
    );
    assert.deepEqual(
      noMessages.filter((line) => pageMessage.test(line)),
      [],
    );
  });

  it('are listed by what the page wrote', () => {
    assert.deepEqual(errors.map(pageMessageText), [
      'The cart is empty',
      'TypeError: x is undefined',
      'Error: no answer',
      'of a version that names no environment',
      'Uncaught RangeError: too far',
      'The cart is empty',
      'Error: logged',
      '⨯ unhandledRejection: Error: no answer',
      '"⨯ unhandledRejection:" 100',
      'Uncaught ReferenceError: y is not defined (src/index.js:3:1)',
      'Uncaught Error: of a task of turbo',
      'TypeError: of a module for Nuxt',
      '[bad1af43] ERROR: of a plugin that writes the level (http://localhost:5173/main.ts:3:24)',
      'in the time format of another language',
      'Error: in Chinese',
      'of a workspace of pnpm',
      'Uncaught Error: of a workspace of pnpm',
      'Uncaught Error: of concurrently',
    ]);
    // Without a message, and not of a page.
    assert.equal(pageMessageText('[vite] (client) [console.error] '), '[vite] (client) [console.error]');
    assert.equal(pageMessageText(' Error: of the server itself'), 'Error: of the server itself');
  });

  it('count as errors if the page wrote them as such', () => {
    assert.deepEqual(errorsIn(errors), errors);
    assert.deepEqual(errorsIn([...others, ...noMessages]), []);
  });

  it('count as errors if a stack follows their last line, which is how Next writes them', () => {
    const stack = ['    at Cart.render (app/cart.tsx:5:24)', '    at main (app/page.tsx:40:165)'];
    const nested = ['[browser] In HTML, <p> cannot contain <div>.', '', '  <p>', '    <div> ', ...stack];
    const logged = ['[browser] first', 'second  (app/page.tsx:14:31)', 'Error: of the server ', ...stack];
    const later = ['[browser] Download the tools', ' GET / 200', '\u2a2f Error: of the server', ...stack];
    const withLevel = ['[browser] [bad1af43] DEBUG: connected ', ...stack];
    const lines = [...logged, ...later, ...withLevel, ...nested];
    assert.deepEqual(errorsIn(lines), ['[browser] In HTML, <p> cannot contain <div>.']);
    const scanner = new PageErrorScanner();
    for (const line of lines) scanner.push(`\u001b[31m${line}\u001b[39m\r\n`);
    assert.equal(scanner.count, 1);
  });

  it('count as one error however long they are, and after a clear screen or a spinner', () => {
    for (const start of [
      '[vite] [console.error] ',
      '[browser] Uncaught Error: ',
      '\u001b[2J\u001b[3J\u001b[H[browser] Uncaught ',
    ]) {
      const scanner = new PageErrorScanner();
      scanner.push(`building 99 %\r${start}`);
      for (let count = 0; count < 100; count += 1) scanner.push('x'.repeat(1000));
      scanner.push('\r\n');
      assert.equal(scanner.count, 1, start);
    }
    const scanner = new PageErrorScanner();
    scanner.push('[browser] ');
    scanner.push('x'.repeat(20_000));
    scanner.push(' \r\n');
    assert.equal(scanner.count, 1);
    const ofNext = `[browser] ${'x'.repeat(20_000)} `;
    assert.deepEqual(errorsIn([ofNext]), [ofNext]);
  });

  it('are counted in whatever pieces the output arrives, with its colors', () => {
    const text = [
      '\u001b[2m10:20:30\u001b[22m \u001b[31m\u001b[1m[vite]\u001b[22m\u001b[39m \u001b[2m(client)\u001b[22m \u001b[2m[console.error] \u001b[22mone',
      '\u001b[36m[browser]\u001b[39m \u001b[31mUncaught Error: two\u001b[39m',
      ...others,
      ...noMessages,
      '',
    ].join('\r\n');
    for (const size of [1, 7, 64, text.length]) {
      const scanner = new PageErrorScanner();
      for (let at = 0; at < text.length; at += size) scanner.push(text.slice(at, at + size));
      assert.equal(scanner.count, 2, `in pieces of ${size}`);
    }
  });

  it('keep no more than a line of bounded length', () => {
    const scanner = new PageErrorScanner();
    for (let count = 0; count < 1000; count += 1) scanner.push('x'.repeat(10_000));
    assert.equal(scanner.push('\n[browser] Uncaught Error: after a long line\n'), true);
    assert.equal(scanner.count, 1);
  });
});
