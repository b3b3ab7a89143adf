import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromRoot, repoRoot, resultFile } from '../../scripts/lib/paths.mjs';
import { copyWorkspace } from '../../scripts/lib/workspace.mjs';
import { runInVsCode } from '../../scripts/vscode/testRun.mjs';
import { currentVersion } from '../../scripts/vscode/versions.mjs';
import { record } from './machine.js';
import { compared, mark } from './marks.js';
import type { PartRecord, PartResult } from './result.js';
import { rounds, type Setup } from './setup.js';
import { median } from './statistics.js';

/** Measures a part in the extension host of a real VS Code. */
export async function measureInVsCode(name: string, setup: Setup): Promise<PartRecord> {
  const { machine, ...result } = await record(setup, () =>
    name === 'activation' ? measureActivations(setup) : measureInWindow(name, setup),
  );
  const versions = { 'VS Code': currentVersion, ...machine.versions };
  return { ...result, machine: { ...machine, versions } };
}

interface WindowOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly extension?: string;
}

async function measureInWindow(
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

/** Copies the shipped extension without activation events, so that its activation can be timed. Returns its folder. */
function copyWithoutActivationEvents(): string {
  const folder = fromRoot('out', 'bench', 'extension');
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['dist', 'l10n', 'media', 'package.nls.json'])
    cpSync(fromRoot(part), join(folder, part), { recursive: true });
  const manifest = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, activationEvents: [] }));
  return folder;
}

/** Measures each activation in a new window. */
async function measureActivations(setup: Setup): Promise<PartResult> {
  const windows: Readonly<Record<string, string | number>>[] = [];
  const count = rounds(setup, 10);
  const extension = copyWithoutActivationEvents();
  for (let round = 0; round < count; round += 1) {
    const env = { BENCH_ROUND: round % 2 === 0 ? 'even' : 'odd' };
    const { rows } = await measureInWindow('activation', setup, { env, extension });
    windows.push(...rows);
  }
  const column = (name: string): number[] => windows.map((row) => Number(row[name]));
  const kilobytes = statSync(fromRoot('dist', 'extension.js')).size / 1000;
  const [empty, ours] = [median(column('empty')), median(column('ours'))];
  return {
    title: 'Activation',
    method: `Loading and \`activate\` in the extension host of a real window that is idle and has activated another extension, compared with an extension that does nothing; ${count} windows, alternating which of the two comes first.`,
    rows: compared('ms', [
      { who: 'an empty extension', values: column('empty') },
      { who: 'ours', values: column('ours') },
    ]),
    marks: [
      mark({ what: 'activation', ours, unit: 'ms', baseline: empty, about: 'difference', atMost: 10 }),
      mark({ what: 'bundle of the extension', ours: kilobytes, unit: 'kB', atMost: 80 }),
      mark({
        what: 'process hosts before first use',
        ours: Math.max(...column('forked')),
        unit: '',
        atMost: 0,
      }),
      mark({
        what: 'servers read before first use',
        ours: Math.max(...column('read')),
        unit: '',
        atMost: 0,
      }),
    ],
    missing: [],
  };
}
