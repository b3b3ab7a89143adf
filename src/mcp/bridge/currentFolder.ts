/**
 * Returns the working folder of this process. If it was removed, returns its path according to the shell, so that what
 * needs the folder reports that it does not exist.
 */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    const { PWD } = process.env;
    if (PWD) return PWD;
    throw error;
  }
}
