import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBare, type BareRun } from './bare.js';
import type { Fleet } from '../harness/fleet.js';
import type { Manager, MakeManager } from './managers.js';
import { installed, peerScript, type Setup } from '../harness/setup.js';
import type { Command } from '../harness/window.js';

/** Returns the available peers, and the reasons why others are missing. */
export function peerManagers(): {
  readonly makers: readonly MakeManager[];
  readonly missing: readonly string[];
} {
  const programs: Readonly<Record<string, MakeManager>> = { foreman, supervisord, 's6-svscan': s6 };
  const available = Object.entries(programs).filter(([name]) => installed(name) !== undefined);
  const missing = Object.keys(programs).filter((name) => installed(name) === undefined);
  return {
    makers: [mprocs, concurrently, pm2, runParallel, ...available.map(([, maker]) => maker)],
    missing: missing.map((name) => `${name} (not installed)`),
  };
}

function mprocs(fleet: Fleet, setup: Setup): Manager {
  const folder = workFolder({
    'mprocs.json': JSON.stringify({
      procs: named(fleet, (command) => ({ cmd: [...command], stop: 'SIGTERM' })),
    }),
  });
  let run: BareRun | undefined;
  const command: Command = [
    process.execPath,
    peerScript(setup, 'mprocs/cli.js'),
    '--config',
    join(folder, 'mprocs.json'),
  ];
  return {
    name: 'mprocs',
    start: () => {
      run = startBare(command, { ...fleet.env, TERM: 'xterm-256color' });
      return Promise.resolve();
    },
    stop: () => {
      run?.write('q');
      return run?.ended ?? Promise.resolve();
    },
    close: () => Promise.resolve(removeFolder(folder)),
  };
}

function concurrently(fleet: Fleet, setup: Setup): Manager {
  const lines = fleet.commands.map((command) => command.join(' '));
  return foregroundProcess('concurrently', fleet, 'SIGINT', {
    command: [process.execPath, peerScript(setup, 'concurrently/dist/bin/concurrently.js'), ...lines],
    folder: workFolder({}),
  });
}

function runParallel(fleet: Fleet, setup: Setup): Manager {
  const scripts = named(fleet, (command) => command.join(' '));
  return foregroundProcess('npm-run-all2 (run-p)', fleet, 'SIGINT', {
    command: [process.execPath, peerScript(setup, 'npm-run-all2/bin/run-p/index.js'), 'server-*'],
    folder: workFolder({ 'package.json': JSON.stringify({ name: 'fleet', private: true, scripts }) }),
  });
}

/** Creates a pm2 with its own daemon. */
export function pm2(fleet: Fleet, setup: Setup): Manager & { readonly daemonPid: () => number } {
  const apps = fleet.commands.map(([script, ...args], index) => ({
    name: `server-${index}`,
    script,
    args,
    interpreter: 'none',
    autorestart: false,
  }));
  const folder = workFolder({ 'ecosystem.json': JSON.stringify({ apps }) });
  const env = { ...fleet.env, PM2_HOME: join(folder, 'home') };
  const call = (...args: string[]): Promise<unknown> =>
    exitOf(
      spawn(process.execPath, [peerScript(setup, 'pm2/bin/pm2'), ...args], {
        cwd: folder,
        env,
        stdio: 'ignore',
      }),
    );
  return {
    name: 'pm2, its daemon running',
    daemonPid: () => Number(readFileSync(join(folder, 'home', 'pm2.pid'), 'utf8')),
    prepare: async () => void (await call('ping')),
    start: () => call('start', 'ecosystem.json'),
    stop: () => call('stop', 'all'),
    close: async () => {
      await call('kill');
      removeFolder(folder);
    },
  };
}

function foreman(fleet: Fleet): Manager {
  const lines = Object.entries(named(fleet, (command) => command.join(' ')));
  return foregroundProcess('foreman', fleet, 'SIGTERM', {
    command: ['foreman', 'start'],
    folder: workFolder({
      Procfile: lines.map(([name, line]) => `${name.replace('-', '')}: ${line}\n`).join(''),
    }),
  });
}

function supervisord(fleet: Fleet): Manager {
  const programs = Object.entries(named(fleet, (command) => command.join(' '))).map(
    ([name, line]) => `[program:${name}]\ncommand=${line}\nautorestart=false\nstartsecs=0\n`,
  );
  return foregroundProcess('supervisord', fleet, 'SIGTERM', {
    command: ['supervisord', '--nodaemon', '--configuration', 'supervisord.conf'],
    folder: workFolder({ 'supervisord.conf': `[supervisord]\n${programs.join('\n')}` }),
  });
}

function s6(fleet: Fleet): Manager {
  const folder = workFolder({});
  for (const [name, line] of Object.entries(named(fleet, (command) => command.join(' ')))) {
    mkdirSync(join(folder, 'services', name), { recursive: true });
    writeFileSync(join(folder, 'services', name, 'run'), `#!/bin/sh\nexec ${line}\n`, { mode: 0o755 });
  }
  return foregroundProcess('s6-svscan', fleet, 'SIGTERM', { command: ['s6-svscan', 'services'], folder });
}

/** Creates a manager that runs as a foreground process. A signal stops it together with its servers. */
function foregroundProcess(
  name: string,
  { env }: Fleet,
  signal: NodeJS.Signals,
  { command: [file, ...args], folder }: { readonly command: Command; readonly folder: string },
): Manager {
  let child: ChildProcess | undefined;
  return {
    name,
    start: () => {
      child = spawn(file, args, { cwd: folder, env, stdio: 'ignore', detached: true });
      return Promise.resolve();
    },
    stop: () => {
      // Ctrl+C goes to the whole foreground process group, other signals to the manager alone.
      if (child?.pid !== undefined) process.kill(signal === 'SIGINT' ? -child.pid : child.pid, signal);
      return child ? exitOf(child) : Promise.resolve();
    },
    close: () => {
      child?.kill('SIGKILL');
      return Promise.resolve(removeFolder(folder));
    },
  };
}

function named<T>({ commands }: Fleet, toValue: (command: Command) => T): Record<string, T> {
  return Object.fromEntries(commands.map((command, index) => [`server-${index}`, toValue(command)]));
}

function workFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'dev-servers-bench-peer-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function exitOf(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', resolve));
}
