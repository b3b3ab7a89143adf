import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { describe, it } from 'vitest';
import { carryVariables, parseReport } from '../../../../src/host/launch/sessionLeaderScript.js';

const ended = (code: number, signal?: number) => ({
  runId: 'w-1',
  report: { kind: 'ended', code, signal },
});
const terminated = 128 + constants.signals.SIGTERM;

describe('the report of a session leader', () => {
  const reports: Readonly<Record<string, unknown>> = {
    'w-1 started 4711': { runId: 'w-1', report: { kind: 'started', rootPid: 4711 } },
    'w-1 ended 0 exit': ended(0),
    'w-1 ended 3 unknown': ended(3),
    [`w-1 ended ${terminated} signal`]: ended(terminated, constants.signals.SIGTERM),
    [`w-1 ended ${terminated} unknown`]: ended(terminated, constants.signals.SIGTERM),
    // The program itself may exit with such a status.
    [`w-1 ended ${terminated} exit`]: ended(terminated),
    'w-1 ended 255 unknown': ended(255),
  };
  for (const [line, report] of Object.entries(reports)) {
    it(`is understood: ${line}`, () => assert.deepEqual(parseReport(line), report));
  }

  const others = [
    '',
    'w-1',
    'w-1 started',
    'w-1 started x',
    'w-1 ended 0',
    'w-1 ended 1000 exit',
    'w 1 started 2',
  ];
  for (const line of [...others, 'w-1 ended 0 exit ', `w-1 started ${'9'.repeat(11)}`]) {
    it(`is ignored: "${line}"`, () => assert.equal(parseReport(line), undefined));
  }
});

describe('the environment of a session leader', () => {
  for (const name of ['evidence', 'run', 'shell', 'root', 'code', 'cause', 'pid']) {
    it(`carries the variable ${name}, which the script of the leader sets`, () => {
      const { env, carried } = carryVariables({ [name]: 'own', A: 'b' }, { cwd: '/', isDash: true });
      assert.deepEqual([Object.keys(env), carried], [['A', 'DEV_SERVER_REGISTRY_CARRIED_0'], 1]);
    });
  }
});
