import assert from 'node:assert/strict';
import { it } from 'vitest';
import { adviceForTerminal } from '../../../src/cli/call/toolAdvice.js';

it('the command line advises to run commands, which can be copied whatever the server is called', () => {
  const logs = (id: string): string => `call devservers_get_server_logs with the id ${JSON.stringify(id)}.`;
  assert.deepEqual(
    [
      logs('shop/web:dev'),
      logs(`$(reboot) "it's"`),
      'To wait longer, call devservers_wait_until_ready; to see its output, call devservers_get_server_logs.',
      'To list all servers, call devservers_list_servers.',
      'call devservers_other',
      'It does not respond. Ask the user to check it, then try again.',
    ].map(adviceForTerminal),
    [
      'run devservers logs shop/web:dev.',
      String.raw`run devservers logs '$(reboot) "it'\''s"'.`,
      'To wait longer, run devservers wait; to see its output, run devservers logs.',
      'To list all servers, run devservers list.',
      'call devservers_other',
      'It does not respond. Check it, then try again.',
    ],
  );
});
