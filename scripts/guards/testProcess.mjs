// @ts-check
// Runs tests for one guard: testProcess JSON. Sends the durations of those that passed to the parent process.
import { createMocha } from '../mocha/runner.mjs';

const { files, titles, testLimitMs } =
  /** @type {{ files: string[], titles: string[], testLimitMs: number }} */ (
    JSON.parse(process.argv[2] ?? '')
  );

const mocha = await createMocha({ reporter: 'min', timeout: testLimitMs });
mocha.grep(new RegExp(`^(?:${titles.map(escaped).join('|')})$`));
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();
/** @type {[title: string, durationMs: number][]} */
const passes = [];
const runner = mocha.run(() => {
  // A test that failed may have left something open.
  process.send?.(passes, () => process.exit());
});
runner.on('pass', (test) => passes.push([test.fullTitle(), test.duration ?? 0]));

/** @param {string} title */
function escaped(title) {
  return title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
