import type { Platform } from './platform.js';
import { linux } from './linux.js';
import { windows } from './windows.js';
import { darwin } from './darwin.js';

/** Returns the platform of this machine; other Unix systems are treated as macOS, whose tools they share. */
export function currentPlatform(): Platform {
  if (process.platform === 'linux') return linux;
  return process.platform === 'win32' ? windows : darwin;
}
