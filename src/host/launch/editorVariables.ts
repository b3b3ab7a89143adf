/**
 * Variables that the editor keeps out of its terminals (`sanitizeProcessEnvironment` in `vs/base/common/processes.ts`),
 * those by which Electron describes itself to its child processes, and our own.
 */
const editorOnly =
  /^(?:ELECTRON_.+|VSCODE_(?!PORTABLE|SHELL_LOGIN|ENV_REPLACE|ENV_APPEND|ENV_PREPEND).+|SNAP|SNAP_.*|GDK_PIXBUF_.+|CHROME_DESKTOP|CHROME_CRASHPAD_PIPE_NAME|DEV_SERVER_REGISTRY_.+|DEV_SERVERS_INSPECT_HOST)$/;

/** Variables that match, but that terminals keep: the command line of the editor, and its proxy for ports. */
const kept: ReadonlySet<string> = new Set(['VSCODE_IPC_HOOK_CLI', 'VSCODE_PROXY_URI']);

/** End of the name under which the editor's snap keeps the user's value of a variable that it sets; empty if there is none. */
const snapOriginal = '_VSCODE_SNAP_ORIG';

/** Variables by which an AppImage describes itself to its program. Zsh runs each program under the name in `ARGV0`. */
const appImageOnly: ReadonlySet<string> = new Set(['APPDIR', 'APPIMAGE', 'ARGV0', 'OWD']);

/** Returns the variables without those that the editor, or the package that contains it, needs for itself. */
export function withoutEditorVariables(inherited: NodeJS.ProcessEnv): Record<string, string> {
  const isAppImage = inherited['APPIMAGE'] !== undefined;
  const mount = isAppImage ? inherited['APPDIR'] : undefined;
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value === undefined || isEditorOnly(name) || (isAppImage && appImageOnly.has(name))) continue;
    const original = inherited[name + snapOriginal] ?? value;
    const usable = withoutFolder(original, mount);
    // A variable that has lost all its parts is removed, since an empty value could have another meaning.
    if (usable !== '' || value === '') variables[name] = usable;
  }
  return variables;
}

function isEditorOnly(name: string): boolean {
  return name.endsWith(snapOriginal) || (editorOnly.test(name) && !kept.has(name));
}

/** Removes the parts of a list of paths that lie in a folder; a value outside of it stays as it is. */
function withoutFolder(value: string, folder: string | undefined): string {
  if (!folder || !value.includes(folder)) return value;
  const others = value.split(':').filter((path) => path !== folder && !path.startsWith(`${folder}/`));
  return others.some((path) => path !== '') ? others.join(':') : '';
}
