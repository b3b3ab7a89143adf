import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import type { Mark, PartRecord, Results } from './result.js';
import { markdownTable, plainTable } from './table.js';

const resultsFile = fromRoot('bench', 'results.json');
const documentFile = fromRoot('docs', 'benchmarks.md');

/** Reads the results of earlier runs. */
export function readResults(): Results {
  return existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Results) : {};
}

/** Writes the results of the named parts, and the document that presents them. */
export function writeResults(all: Results, names: readonly string[]): void {
  const results = Object.fromEntries(names.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(documentFile, `${document(results)}\n`);
}

/** Formats the result of a part for the terminal. */
export function plainReport(name: string, { title, rows, marks, missing, seconds }: PartRecord): string {
  const lines = [`\n${name}: ${title} (${seconds} s)`, plainTable(rows), ...marks.map(markLine)];
  return [...lines, ...missing.map((line) => `  not measured: ${line}`)].join('\n');
}

/** Formats all results as a Markdown document. */
function document(results: Results): string {
  const parts = Object.entries(results);
  const marks = parts.flatMap(([, record]) => record.marks);
  const reached = marks.filter(({ isReached }) => isReached).length;
  return [
    '# Benchmarks',
    'Written by `npm run bench`; `npm run bench -- PART` measures one part again and keeps the other results. All times are wall-clock times, and medians unless stated otherwise. The candidates of a part take turns in the same run. The milliseconds depend on the machine, so compare the ratios. `bench/peers` lists the peers.',
    `**${reached} of ${marks.length} goals are reached.**`,
    ...parts.flatMap(([name, record]) => section(name, record)),
  ].join('\n\n');
}

function section(name: string, record: PartRecord): string[] {
  const { title, method, rows, marks, missing } = record;
  return [
    `## ${title}`,
    method,
    ...(rows.length > 0
      ? [markdownTable(rows.map(({ who, ...values }) => Object.assign({ candidate: who }, values)))]
      : []),
    ...(marks.length > 0 ? [markdownTable(marks.map(markRow))] : []),
    ...missing.map((line) => `Not measured: ${line}`),
    conditions(name, record),
  ];
}

function markRow({ what, isReached, ...figures }: Mark): Record<string, string> {
  return { figure: what, ...figures, result: isReached ? 'reached' : '**not reached**' };
}

function markLine({ what, ours, baseline, ratio, goal, isReached }: Mark): string {
  const comparison = baseline === '' ? '' : `, baseline ${baseline} (${ratio})`;
  return `  ${isReached ? '✔' : '✘'} ${what}: ${ours}${comparison}, goal ${goal}`;
}

function conditions(name: string, { measuredAt, load, isQuick, machine }: PartRecord): string {
  const { processor, processors, memoryGiB, system, node, versions } = machine;
  const packages = Object.entries(versions).map(([each, version]) => `${each} ${version}`);
  const when = `\`npm run bench -- ${name}${isQuick ? ' --quick' : ''}\` at ${measuredAt.slice(0, 16).replace('T', ' ')} UTC`;
  const where = `${processors} × ${processor}, ${memoryGiB} GiB, ${system}, Node ${node}`;
  return `_${when}, load before: ${load}. ${where}; ${packages.join(', ')}._`;
}
