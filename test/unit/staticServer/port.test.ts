import assert from 'node:assert/strict';
import { it } from 'vitest';
import { parsePort } from '../../../src/staticServer/port.js';

it('reads a port, takes an empty one for none, and refuses anything else', () => {
  const values = [undefined, '', ' ', '\t', '0', '80', ' 3000 ', '65535'];
  assert.deepEqual(values.map(parsePort), [8080, 8080, 8080, 8080, 0, 80, 3000, 65_535]);
  const bad = [
    '65536',
    '99999',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x50',
    '80a',
    'http',
    '80 80',
    '٣٠٠٠',
    '123456',
    'NaN',
  ];
  assert.deepEqual(
    bad.filter((value) => parsePort(value) !== undefined),
    [],
  );
});
