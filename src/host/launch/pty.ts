import { dirname, join } from 'node:path';
import type * as NodePty from 'node-pty';
import { withoutGaps } from './inheritedFiles.js';
import { spawnPipes } from './pipes.js';
import type { Pty, PtyRequest } from './terminalProcess.js';
import { isMusl, ptyProblem } from './ptyProblem.js';
import { makeHelperExecutable } from './spawnHelper.js';
import { returnUnreadOutput } from '../output/unreadOutput.js';
import { WindowsConsole, withCapitalDrive } from './windowsConsole.js';
import { errorMessage } from '../../core/errorMessage.js';

const initialSize = { cols: 120, rows: 30 };

/** The part of a module of node-pty that is used here. */
interface NodePtyUtils {
  loadNativeModule(name: string): unknown;
}

/** node-pty, or why it cannot be loaded: it has no binary for some systems, such as those with musl in place of glibc. */
type Loaded = { readonly nodePty: typeof NodePty } | { readonly problem: string };

let loaded: Loaded | undefined;

let editorPtyPath: string | undefined;

/**
 * Uses the editor's node-pty, in this folder, if the extension's own cannot be loaded: an editor for another system,
 * such as Alpine, includes a build for it.
 */
export function useEditorPty(editorFolder: string): void {
  editorPtyPath = join(editorFolder, 'node_modules', 'node-pty');
}

function load(): Loaded {
  const own = tryLoad(() => {
    // On Windows node-pty itself loads its binary with the first process.
    if (process.platform === 'win32')
      (require('node-pty/lib/utils') as NodePtyUtils).loadNativeModule('conpty');
    return require('node-pty') as typeof NodePty;
  });
  const path = editorPtyPath;
  if ('nodePty' in own || path === undefined) return own;
  const ofEditor = tryLoad(() => require(path) as typeof NodePty);
  return 'nodePty' in ofEditor ? ofEditor : own;
}

function tryLoad(requirePty: () => typeof NodePty): Loaded {
  try {
    return { nodePty: requirePty() };
  } catch (error) {
    return { problem: ptyProblem(errorMessage(error), isMusl()) };
  }
}

/**
 * Returns a sentence for the user when this system gives no pseudo-terminals to servers, which then run with pipes;
 * `undefined` otherwise.
 */
export function missingTerminals(): string | undefined {
  loaded ??= load();
  if (!('problem' in loaded)) return undefined;
  return `Servers run without a terminal on this system, so they may show no colors and react to no keys: node-pty cannot be loaded (${loaded.problem}).`;
}

/**
 * Starts a process by node-pty, or with pipes where that cannot be loaded. Throws the error of the system when no terminal
 * or process can be created.
 */
export function spawnPty(request: PtyRequest): Pty {
  loaded ??= load();
  return 'problem' in loaded ? spawnPipes(request) : spawnTerminal(loaded.nodePty, request);
}

function spawnTerminal(nodePty: typeof NodePty, { file, args, cwd, env, onData, onExit }: PtyRequest): Pty {
  if (process.platform === 'darwin') makeHelperExecutable(helperPath());
  const from = Date.now();
  const options = {
    name: 'xterm-256color',
    cwd: process.platform === 'win32' ? withCapitalDrive(cwd) : cwd,
    env,
    ...initialSize,
    // Bytes on POSIX, since decoding costs more than the ring buffer does; on Windows, node-pty always returns text.
    encoding: null,
  };
  const pty = withoutGaps(() => nodePty.spawn(file, typeof args === 'string' ? args : [...args], options));
  // The declared type is text, which with `encoding: null` is true on Windows only.
  pty.onData((data: string | Buffer) => onData(typeof data === 'string' ? Buffer.from(data) : data));
  returnUnreadOutput(pty, onData);
  const console =
    process.platform === 'win32' ? new WindowsConsole(pty, file, [from, Date.now()]) : undefined;
  const created = console?.created ?? Promise.resolve(pty.pid);
  pty.onExit(({ exitCode, signal }) => {
    console?.dispose();
    // A process that was never created has no exit: its start has failed.
    void created.then(
      async () =>
        onExit(console ? await console.exitCode(exitCode) : exitCode, signal === 0 ? undefined : signal),
      () => undefined,
    );
  });
  return {
    pid: pty.pid,
    created,
    write: (data) => pty.write(data),
    resize: (columns, rows) => (console ?? pty).resize(columns, rows),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
  };
}

/** Returns the path of the program by which node-pty starts others on macOS. */
function helperPath(): string {
  const folder = dirname(dirname(require.resolve('node-pty')));
  return join(folder, 'prebuilds', `darwin-${process.arch}`, 'spawn-helper');
}
