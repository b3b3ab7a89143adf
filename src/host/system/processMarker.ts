/**
 * Environment variable with the id of the run; every process of a server inherits it, so one that left the session is
 * found.
 */
export const markerName = 'DEV_SERVER_REGISTRY_ID';

/**
 * Name of a session leader in its command line. The id of its run follows, which shows whose it is where the system hides
 * its environment.
 */
export const leaderName = 'dev-server-leader';

/**
 * Returns the marker of a window's process host. A process that it forks carries it until `execve`, so that a start
 * that is interrupted in between leaves nothing behind.
 */
export function hostMarker(windowId: string): string {
  return `host-${windowId}`;
}
