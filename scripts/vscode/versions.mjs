// @ts-check

/**
 * @typedef {object} VsCodeRelease
 * @property {string[]} nativeModules folders below node_modules of VS Code that are compiled here
 * @property {string[]} nativeFiles files that VS Code needs to start and to have terminals
 */

/** Releases that are tested: the oldest supported one and a current one. The lock files in `packages/` pin them. */
export const releases = /** @satisfies {Record<string, VsCodeRelease>} */ ({
  1.139: {
    nativeModules: ['@vscode/spdlog', '@vscode/native-watchdog'],
    nativeFiles: [
      '@vscode/spdlog/build/Release/spdlog.node',
      '@vscode/native-watchdog/build/Release/watchdog.node',
      `node-pty/prebuilds/${process.platform}-${process.arch}/pty.node`,
    ],
  },
  1.103: {
    nativeModules: ['@vscode/spdlog', 'native-watchdog', 'node-pty'],
    nativeFiles: [
      '@vscode/spdlog/build/Release/spdlog.node',
      'native-watchdog/build/Release/watchdog.node',
      'node-pty/build/Release/pty.node',
    ],
  },
});

/** @typedef {'1.139' | '1.103'} VsCodeVersion */

/** @type {readonly VsCodeVersion[]} */
export const versions = ['1.139', '1.103'];

/** Release that `npm start` and the browser tests use. */
export const currentVersion = /** @type {const} */ ('1.139');

/**
 * @param {string} text
 * @returns {text is VsCodeVersion}
 */
export function isVersion(text) {
  return versions.some((version) => version === text);
}
