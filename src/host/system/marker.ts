/** Carries the run's id into every process of a server, so that even one that left its session is found. */
export const markerName = 'DEV_SERVER_REGISTRY_ID';

/**
 * The marker of a window's process host. What it has just forked carries it until it becomes its own program, so that a
 * start that was cut off in between leaves nothing behind either.
 */
export function hostMarker(windowId: string): string {
  return `host-${windowId}`;
}
