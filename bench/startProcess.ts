// Starts a server for each message and answers with the times: startProcess STARTER MIB. Each starter has its own process
// of the given size, because a process has to copy its memory after it has forked.
import { starters, type StarterName } from './candidates/starters.js';

const [name = '', mebibytes = '0'] = process.argv.slice(2);
const ballast = Buffer.alloc(Number(mebibytes) * 1024 * 1024, 1);
const starter = await starters[name as StarterName]();
process.on('message', () => void starter.round().then((times) => process.send?.(times)));
process.once('disconnect', () => {
  // This last use keeps it from being collected earlier.
  ballast.fill(0);
  void starter.close();
});
process.send?.('ready');
