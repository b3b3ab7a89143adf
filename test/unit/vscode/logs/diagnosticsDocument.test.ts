import assert from 'node:assert/strict';
import { it } from 'vitest';
import { DiagnosticsDocument } from '../../../../src/vscode/logs/diagnosticsDocument.js';
import { world } from '../../core/support/fakes.js';
import { editor } from '../support/fakeEditor.js';

it('the diagnostics have the settings of every level, and no values that may be secret', async () => {
  editor.reset('shop');
  editor.settings = {
    'devServers.maxServers': 3,
    'devServers.discovery.scripts': false,
    'devServers.servers': [{ env: { TOKEN: 'secret' } }],
  };
  const { registry } = await world();
  const facts = {
    snapshot: registry.current,
    lock: registry.lockMetrics,
    processHostPid: undefined,
    ledger: [],
  };
  const document = new DiagnosticsDocument(() => Promise.resolve(facts), {
    version: '1.2.3',
    contributes: { configuration: [{ properties: editor.settings }] },
  });
  const report = await document.provideTextDocumentContent();
  const lines = report.split('\n').filter((line) => line.includes('devServers.'));
  assert.deepEqual(lines, ['- devServers.maxServers: 3', '- devServers.discovery.scripts: false']);
});
