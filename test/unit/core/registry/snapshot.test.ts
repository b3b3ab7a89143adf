import assert from 'node:assert/strict';
import { ServerRecords, type ServerRecord } from '../../../../src/core/registry/snapshot.js';

/** Enough for several pages, the last of them not full. */
const ids = Array.from({ length: 100 }, (_, index) => `server-${index}`);

/** What matters of a record here is only which one it is. */
const record = (name: string): ServerRecord => ({ definition: { name } }) as ServerRecord;
const filled = (): ServerRecords => new ServerRecords(ids.map((id) => [id, record(id)]));
const namesOf = (records: ServerRecords): string[] =>
  records.values().map(({ definition }) => definition.name);

describe('the records of servers', () => {
  it('are found by id and listed in the order in which they came', () => {
    const records = filled();
    const found = ids.map((id) => records.get(id)?.definition.name);
    assert.deepEqual([namesOf(records), found, [...records].map(([id]) => id)], [ids, ids, ids]);
    assert.deepEqual(
      [records.has('server-99'), records.has('x'), records.get('x')],
      [true, false, undefined],
    );
  });

  it('keep the place of one that is replaced, and put a new one last', () => {
    const records = filled();
    records.set('server-40', record('replaced'));
    records.set('new', record('new'));
    const expected = [...ids.map((id) => (id === 'server-40' ? 'replaced' : id)), 'new'];
    assert.deepEqual(namesOf(records), expected);
  });

  it('forget one that is deleted', () => {
    const records = filled();
    records.delete('server-31');
    const others = ids.filter((id) => id !== 'server-31');
    assert.deepEqual([namesOf(records), records.get('server-32')?.definition.name], [others, 'server-32']);
  });

  it('do not change with a copy, nor a copy with them', () => {
    const records = filled();
    const before = records.values();
    const copy = records.copy();
    copy.set('server-0', record('of the copy'));
    records.set('server-99', record('of the first'));
    assert.deepEqual(
      [before.map(({ definition }) => definition.name), namesOf(copy), namesOf(records)],
      [ids, ['of the copy', ...ids.slice(1)], [...ids.slice(0, 99), 'of the first']],
    );
  });

  it('give the same frozen list until something changes', () => {
    const records = filled();
    const list = records.values();
    assert.deepEqual(
      [Object.isFrozen(list), records.values() === list, records.copy().values() === list],
      [true, true, true],
    );
  });
});
