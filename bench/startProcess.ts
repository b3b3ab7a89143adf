// Starts a server for each message, in one way and in a process of a given weight: startProcess STARTER MIB. Answers with
// the times. What forks has its memory to copy afterwards, so each way has a process of its own.
import { starters, type StarterName } from './harness/starters.js';

const [name = '', mebibytes = '0'] = process.argv.slice(2);
const ballast = Buffer.alloc(Number(mebibytes) * 1024 * 1024, 1);
const starter = await starters[name as StarterName]();
process.on('message', () => void starter.round().then((times) => process.send?.(times)));
process.once('disconnect', () => {
  // Used last, so that it is kept until here.
  ballast.fill(0);
  void starter.close();
});
process.send?.('begun');
