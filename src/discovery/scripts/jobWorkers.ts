import { splitName } from './nameWords.js';

const jobs =
  /\b(?:queue:(?:work|listen)|schedule:(?:run|work)|artisan horizon|sidekiq|resque|good_job|solid_queue|jobs:work|qcluster|run_huey|rqworker|dramatiq|messenger:consume)\b|\bcelery\b.*\s(?:worker|beat)\b/u;

/** Returns whether a line runs a program that processes the jobs of a queue or a schedule, and serves nothing. */
export function processesJobs(line: string): boolean {
  return jobs.test(line);
}

/** Returns whether a service, a project or a folder is named for the program that processes jobs. */
export function isWorkerName(name: string): boolean {
  return splitName(name).some((word) => /^(?:worker|workers|processor|consumer|executor)$/u.test(word));
}
