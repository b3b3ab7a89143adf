import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fromRoot } from '../../scripts/lib/paths.mjs';
import { record } from './machine.js';
import type { PartRecord, PartResult } from './result.js';
import type { Setup } from './setup.js';

/** Measures a part in a separate process. */
export function measureInNode(name: string, setup: Setup): Promise<PartRecord> {
  return record(setup, async () => {
    const child = fork(fromRoot('out', 'bench', 'runPart.mjs'), [name, JSON.stringify(setup)], {
      serialization: 'advanced',
      execArgv: ['--expose-gc'],
    });
    let result: PartResult | undefined;
    child.on('message', (message) => {
      result = message as PartResult;
    });
    await once(child, 'exit');
    if (!result) throw new Error(`The part ${name} ended without a result.`);
    return result;
  });
}
