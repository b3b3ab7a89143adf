import { fileReads } from './boundedReads.js';

/**
 * Ends this process. Node waits for the threads that read files, so that one which waits for a silent file system would
 * keep it for ever; the signal kills it then, and its exit code is that of this signal.
 */
export function endProcess(exitCode: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (fileReads.isReading) process.kill(process.pid, signal);
  else process.exit(exitCode);
}
