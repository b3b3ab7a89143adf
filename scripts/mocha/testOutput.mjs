// @ts-check

/** Prefix of the output of tests in an extension host, where the window logs to the same stream. */
export const testOutputMark = '\u0001test\u0001';

/** Number of lines of the window's log that are kept, to be shown if the tests fail to run. */
const maxLogLines = 40;

/** Prints the output of the tests and keeps the last lines of the window's log. */
export function createOutputFilter() {
  /** @type {string[]} */
  const windowLog = [];
  return {
    windowLog,
    /**
     * @param {string} _type
     * @param {unknown[]} values
     */
    write: (_type, values) => {
      const text = values
        .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
        .join(' ');
      if (text.startsWith(testOutputMark)) console.log(text.slice(testOutputMark.length));
      else if (windowLog.push(text) > maxLogLines) windowLog.shift();
    },
  };
}
