import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot, repoRoot, resultFile } from '../../scripts/lib/paths.mjs';
import { copyWorkspace } from '../../scripts/lib/workspace.mjs';
import { runInVsCode } from '../../scripts/vscode/testRun.mjs';
import { currentVersion } from '../../scripts/vscode/versions.mjs';
import { recorded } from './machine.js';
import { compared, mark } from './marks.js';
import type { PartRecord, PartResult } from './result.js';
import { rounds, type Setup } from './setup.js';
import { median } from './statistics.js';

/** Measures a part inside the extension host of a real VS Code. */
export async function measureInVsCode(name: string, setup: Setup): Promise<PartRecord> {
  const record = await recorded(setup, () =>
    name === 'activation' ? activations(setup) : inWindow(name, setup),
  );
  const versions = { 'VS Code': currentVersion, ...record.machine.versions };
  return { ...record, machine: { ...record.machine, versions } };
}

interface WindowOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly extension?: string;
}

async function inWindow(
  name: string,
  setup: Setup,
  { env = {}, extension = repoRoot }: WindowOptions = {},
): Promise<PartResult> {
  const workspace = await copyWorkspace();
  const file = fromRoot('out', 'bench', `${name}.json`);
  rmSync(file, { force: true });
  try {
    await runInVsCode({
      version: currentVersion,
      tests: fromRoot('out', 'bench', 'vscode', 'index.js'),
      workspace: workspace.path,
      report: resultFile('bench'),
      extension,
      installed: fromRoot('bench', 'vscode', 'emptyExtension'),
      env: {
        ...env,
        BENCH_PART: name,
        BENCH_SETUP: JSON.stringify(setup),
        BENCH_RESULT: file,
        TEST_REPORT: resultFile('bench'),
      },
    });
  } finally {
    await workspace.remove();
  }
  const result = JSON.parse(readFileSync(file, 'utf8')) as PartResult | { readonly failure: string };
  if ('failure' in result) throw new Error(result.failure);
  return result;
}

/** The extension as it is shipped, but for what activates it by itself, so that its activation can be timed. */
function patientExtension(): string {
  const folder = fromRoot('out', 'bench', 'extension');
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['dist', 'l10n', 'media', 'package.nls.json'])
    cpSync(fromRoot(part), join(folder, part), { recursive: true });
  const manifest = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, activationEvents: [] }));
  return folder;
}

/** A window for each activation. */
async function activations(setup: Setup): Promise<PartResult> {
  const windows: Readonly<Record<string, string | number>>[] = [];
  const count = rounds(setup, 10);
  const extension = patientExtension();
  for (let round = 0; round < count; round += 1) {
    const env = { BENCH_ROUND: round % 2 === 0 ? 'even' : 'odd' };
    const { rows } = await inWindow('activation', setup, { env, extension });
    windows.push(...rows);
  }
  const column = (name: string): number[] => windows.map((row) => Number(row[name]));
  const kilobytes = statSync(fromRoot('dist', 'extension.js')).size / 1000;
  const [empty, ours] = [median(column('empty')), median(column('ours'))];
  return {
    title: 'Activation',
    method: `Loading and \`activate\` in the extension host of a real window that has come to rest and has activated another extension, beside an extension that does nothing; ${count} windows, in turns with the one or the other first.`,
    rows: compared('ms', [
      { who: 'an empty extension', values: column('empty') },
      { who: 'ours', values: column('ours') },
    ]),
    marks: [
      mark({ what: 'activation', ours, unit: 'ms', baseline: empty, about: 'difference', atMost: 10 }),
      mark({ what: 'bundle of the extension', ours: kilobytes, unit: 'kB', atMost: 80 }),
      mark({
        what: 'process hosts before somebody asks',
        ours: Math.max(...column('forked')),
        unit: '',
        atMost: 0,
      }),
      mark({
        what: 'servers read before somebody asks',
        ours: Math.max(...column('read')),
        unit: '',
        atMost: 0,
      }),
    ],
    missing: [],
  };
}
