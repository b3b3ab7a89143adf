// Measures the extension and its peers in one run, since times are only meaningful as ratios. See `help`.
import { readArguments } from '../scripts/lib/arguments.mjs';
import { runScript, UsageError } from '../scripts/lib/cleanup.mjs';
import { nodeParts, vscodeParts } from './parts.js';
import { prepare } from './harness/prepare.js';
import { measureInNode } from './harness/nodePart.js';
import { measureInVsCode } from './harness/vscodePart.js';
import { plainReport, readResults, writeResults } from './harness/report.js';

const names = [...Object.keys(nodeParts), ...vscodeParts];
const help = `Usage: npm run bench -- [PART...] [--quick] [--cycles N]

Measures all parts, or the named ones, and writes the results to bench/results.json and docs/benchmarks.md.
Parts: ${names.join(', ')}
--quick    fewer repetitions
--cycles   number of starts and stops of the part soak, 10000 by default`;

await runScript(async () => {
  const options = { quick: { type: 'boolean' }, cycles: { type: 'string', default: '10000' } } as const;
  const { values, positionals } = readArguments(options, help, true);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new UsageError(`There is no part ${unknown.join(', ')}.\n\n${help}`);
  const setup = await prepare({ isQuick: values.quick === true, cycles: Number(values.cycles) });
  let failed = 0;
  for (const name of positionals.length > 0 ? positionals : names) {
    try {
      const record = await (name in nodeParts ? measureInNode(name, setup) : measureInVsCode(name, setup));
      console.log(plainReport(name, record));
      writeResults({ ...readResults(), [name]: record }, names);
    } catch (error) {
      failed += 1;
      console.error(`${name} could not be measured`, error);
    }
  }
  return failed > 0 ? 1 : 0;
});
