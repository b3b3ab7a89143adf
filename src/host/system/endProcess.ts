import { fileReads } from './boundedReads.js';

/**
 * Ends this process. Node waits for its file threads, and one that reads a silent file system would keep the process
 * alive forever. In that case a signal kills the process, which sets the exit code of that signal.
 */
export function endProcess(exitCode: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (fileReads.isReading) process.kill(process.pid, signal);
  else process.exit(exitCode);
}
