/** Names of folders with programs that show how a library is used. */
const exampleFolder = /^(?:examples?|demos?|samples?)(?:$|[_-])|[_-](?:examples?|demos?|samples?)$/u;

/** Returns whether one of these folders contains examples. */
export function areInExample(folders: readonly string[]): boolean {
  return folders.some((folder) => exampleFolder.test(folder));
}
