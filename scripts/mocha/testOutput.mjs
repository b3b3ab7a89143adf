// @ts-check

/** Put before each text that tests print in an extension host, where the window logs into the same stream. */
export const testOutputMark = '\u0001test\u0001';

/** How much of what the window logs is kept, to be shown when the tests do not end well. */
const keptLines = 40;

/** Prints what the tests print and keeps the last of what the window logs. */
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
      else if (windowLog.push(text) > keptLines) windowLog.shift();
    },
  };
}
