import type { Platform } from './platform.js';
import { linux } from './linux.js';
import { windows } from './windows.js';
import { darwin } from './darwin.js';

/** The platform of this machine; unknown Unixes are treated like macOS, whose tools they share. */
export function currentPlatform(): Platform {
  if (process.platform === 'linux') return linux;
  return process.platform === 'win32' ? windows : darwin;
}
