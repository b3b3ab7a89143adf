import { fileReads } from './boundedReads.js';

/**
 * Ends this process. Node waits for the threads that read files, so that one which waits for a silent file system would
 * keep it for ever; it is killed then, and its exit code is that of a kill.
 */
export function endProcess(exitCode: number): void {
  if (fileReads.isReading) process.kill(process.pid, 'SIGKILL');
  else process.exit(exitCode);
}
