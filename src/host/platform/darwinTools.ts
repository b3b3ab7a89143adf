/** Paths of the system's programs on macOS: absolute, so that no program of a workspace runs in place of one. */
export const darwinTools = { ps: '/bin/ps', lsof: '/usr/sbin/lsof', sysctl: '/usr/sbin/sysctl' };
