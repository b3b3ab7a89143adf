import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The installed tools; `ensureDependencies` of the scripts links them before the tests run. */
const toolModules = join(process.cwd(), 'test/fixtures/tools/node_modules');

/** Both versions of yarn call their program `yarn`. */
type Yarn = 'yarn1' | 'yarn4';

/** Text files, and JSON files as objects, by their path. */
export type ProjectFiles = Readonly<Record<string, string | object>>;

/**
 * Runs the package managers, watchers and task runners of `test/fixtures/tools` on projects of their own: without network,
 * telemetry or daemons, and with caches that the end removes.
 */
export class TestTools {
  private readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'dev-servers-tools-')));
  private projects = 0;

  constructor() {
    // Of the package manager that runs the tests: the tools would take them for those of their own caller.
    for (const name of Object.keys(process.env)) if (/^(?:npm|pnpm)_/i.test(name)) delete process.env[name];
    // Once, before a server runs them: no process can start a program that another one is writing.
    for (const version of ['yarn1', 'yarn4'] as const) this.writeYarn(version);
  }

  /** Returns the environment in which the tools are found. */
  environment(yarn: Yarn = 'yarn4'): Record<string, string> {
    const bun = join(toolModules, '@oven', `bun-${process.platform}-${bunArchitecture}`, 'bin');
    const paths = [join(this.folder, yarn), join(toolModules, '.bin'), bun, process.env['PATH'] ?? ''];
    return { ...environment(join(this.folder, 'caches')), PATH: paths.join(delimiter) };
  }

  /** Creates a project with these files, which finds the tools as if they were installed in it. Returns its folder. */
  project(files: Readonly<Record<string, string | object>>): string {
    const folder = join(this.folder, `project-${(this.projects += 1)}`);
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    }
    symlinkSync(toolModules, join(folder, 'node_modules'), 'junction');
    return folder;
  }

  /** Creates a folder with the program of this yarn: npm links the program of one package only. */
  private writeYarn(version: Yarn): void {
    const folder = join(this.folder, version);
    const script = join(toolModules, version, 'bin/yarn.js');
    mkdirSync(folder);
    writeFileSync(join(folder, 'yarn'), `#!/bin/sh\nexec node '${script}' "$@"\n`, { mode: 0o755 });
  }

  end(): void {
    rmSync(this.folder, { recursive: true, maxRetries: 5, retryDelay: 100 });
  }
}

const bunArchitecture = process.arch === 'arm64' ? 'aarch64' : process.arch;

/** Returns the lock file with which yarn 4 runs the scripts of these packages without an installation. */
export function yarnLock(packages: Readonly<Record<string, string>>): string {
  const entries = Object.entries(packages).map(([name, folder]) => {
    const locator = `"${name}@workspace:${folder}"`;
    return `${locator}:\n  version: 0.0.0-use.local\n  resolution: ${locator}\n  languageName: unknown\n  linkType: soft\n`;
  });
  return ['__metadata:\n  version: 10\n', ...entries].join('\n');
}

function environment(caches: string): Record<string, string> {
  return {
    DO_NOT_TRACK: '1',
    NO_UPDATE_NOTIFIER: '1',
    BUN_INSTALL_CACHE_DIR: join(caches, 'bun'),
    COREPACK_ENABLE_NETWORK: '0',
    DENO_DIR: join(caches, 'deno'),
    DENO_NO_UPDATE_CHECK: '1',
    NX_CACHE_DIRECTORY: join(caches, 'nx'),
    NX_DAEMON: 'false',
    NX_WORKSPACE_DATA_DIRECTORY: join(caches, 'nx-data'),
    TURBO_CACHE_DIR: join(caches, 'turbo'),
    TURBO_DAEMON: 'false',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    XDG_CACHE_HOME: caches,
    XDG_DATA_HOME: join(caches, 'data'),
    XDG_STATE_HOME: join(caches, 'state'),
    YARN_CACHE_FOLDER: join(caches, 'yarn'),
    YARN_ENABLE_NETWORK: '0',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_GLOBAL_FOLDER: join(caches, 'yarn-global'),
    npm_config_cache: join(caches, 'npm'),
    npm_config_manage_package_manager_versions: 'false',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  };
}
